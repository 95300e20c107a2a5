package dev.convene.data;

import dev.convene.ConveneException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The columns of a table and what they are for.
 *
 * @param labels the columns to predict; empty where rows are only scored
 * @param weight the column of row weights, if any
 * @param features in their order; empty for every column but labels and weight (and those that only
 *     say where a row comes from: idx's row, image's path)
 * @param categorical those of the labels and features whose values are categories
 * @param missingNumbers whether numeric features may lack values
 * @param missingCategories whether categorical features may
 * @param purpose what the rows are for
 */
public record TableColumns(
    List<String> labels,
    Optional<String> weight,
    List<String> features,
    Set<String> categorical,
    boolean missingNumbers,
    boolean missingCategories,
    Purpose purpose) {

  /** What rows are read for. */
  public enum Purpose {
    /** To train on, or to validate or test what is trained on them. */
    TRAINING,
    /** For a model that is trained already, whose columns these are. */
    MODEL
  }

  /** Columns to train on. */
  public TableColumns(
      List<String> labels,
      Optional<String> weight,
      List<String> features,
      Set<String> categorical,
      boolean missingNumbers,
      boolean missingCategories) {
    this(
        labels, weight, features, categorical, missingNumbers, missingCategories, Purpose.TRAINING);
  }

  public TableColumns {
    labels = List.copyOf(labels);
    features = List.copyOf(features);
    categorical = Set.copyOf(categorical);
  }

  /** These columns with the given features. */
  public TableColumns withFeatures(List<String> others) {
    return new TableColumns(
        labels, weight, others, categorical, missingNumbers, missingCategories, purpose);
  }

  /** Refuses a column that has two uses. */
  void requireDistinct(DataSource source) {
    Map<String, String> uses = new LinkedHashMap<>();
    labels.forEach(name -> use(uses, name, "label", source));
    weight.ifPresent(name -> use(uses, name, "weight", source));
    features.forEach(name -> use(uses, name, "feature", source));
  }

  private static void use(Map<String, String> uses, String name, String use, DataSource source) {
    String other = uses.put(name, use);
    if (use.equals(other)) {
      throw ConveneException.usage(
          "column %s of %s is named twice among the %ss", name, source, use);
    }
    if (other != null) {
      throw ConveneException.usage(
          use.equals("feature")
              ? "column %s of %s is the %s and a %s: leave it out of the features"
              : "column %s of %s is the %s and the %s: name another",
          name,
          source,
          other,
          use);
    }
  }

  /** Refuses categories that are no column in use; the features must be known. */
  void requireCategoricalInUse(DataSource source) {
    Set<String> inUse = new HashSet<>(features);
    inUse.addAll(labels);
    for (String name : categorical.stream().sorted().toList()) {
      if (!inUse.contains(name)) {
        throw ConveneException.usage(
            "data.categorical names column %s of %s, which is neither a label nor a feature",
            name, source);
      }
    }
  }
}
