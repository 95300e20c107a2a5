package dev.convene.data;

import dev.convene.data.TableColumns.Purpose;

/**
 * How to mend what is wrong with a column, by what the rows are for: settings that training follows
 * change nothing for a model that is trained already.
 *
 * @param missingNumber of a row whose feature is null or NaN
 * @param missingCategory of a row whose categorical feature is null
 * @param textLabel of a row whose label is a text that is no number
 * @param textFeature of a row whose feature is such a text
 * @param wrongFeature of a row whose feature is wrong otherwise
 * @param textColumn of a feature that is text, where numbers are expected
 * @param textLabelColumn of a label that is text
 * @param otherColumn of a feature of another type
 * @param noCategoryColumn of a column whose type has no categories
 */
record Remedies(
    String missingNumber,
    String missingCategory,
    String textLabel,
    String textFeature,
    String wrongFeature,
    String textColumn,
    String textLabelColumn,
    String otherColumn,
    String noCategoryColumn) {

  private static final Remedies TRAINING =
      new Remedies(
          "correct the row, or set preprocess.missing to fill such values",
          "correct the row, or set preprocess.unseen-category = keep",
          "correct the row, or name the column in data.categorical",
          "correct the row, name the column in data.categorical, or leave it out of data.features",
          "correct the row, or leave the column out of data.features",
          "name it in data.categorical, or leave it out of data.features",
          "name it in data.categorical",
          "leave it out of data.features",
          "leave it out of data.categorical");

  private static final String CONVERT = "convert it by data.derive, as training had it";

  private static final Remedies MODEL =
      new Remedies(
          "correct the row, or train with preprocess.missing to fill such values",
          "correct the row, or train with preprocess.unseen-category = keep",
          "correct the row, or train with the column in data.categorical",
          "correct the row, or train with the column in data.categorical or without it",
          "correct the row, or train without the column",
          CONVERT,
          CONVERT,
          CONVERT,
          CONVERT);

  static Remedies of(Purpose purpose) {
    return purpose == Purpose.TRAINING ? TRAINING : MODEL;
  }
}
