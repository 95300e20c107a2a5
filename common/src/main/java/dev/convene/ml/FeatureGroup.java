package dev.convene.ml;

import java.io.Serializable;

/**
 * Columns of the feature vector that come from one source column, such as the categories of one.
 *
 * @param from the first column, from 0
 * @param until the column after the last
 * @since 0.1.0
 */
public record FeatureGroup(String name, int from, int until) implements Serializable {
  public FeatureGroup {
    if (from < 0 || until <= from) {
      throw new IllegalArgumentException(
          "Feature group %s from column %d until %d is empty.".formatted(name, from, until));
    }
  }

  /** One column. */
  public static FeatureGroup of(String name, int column) {
    return new FeatureGroup(name, column, column + 1);
  }

  int width() {
    return until - from;
  }
}
