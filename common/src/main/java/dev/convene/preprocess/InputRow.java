package dev.convene.preprocess;

import dev.convene.data.FeaturePlaces;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;

/** The raw columns of a row, numbered as they were asked for. */
final class InputRow {
  private final Row features;
  private final FeaturePlaces places;

  InputRow(Row features, FeaturePlaces places) {
    this.features = features;
    this.places = places;
  }

  private Object value(int input) {
    return places.value(features, input);
  }

  /** The number; NaN if it is missing. */
  double number(int input) {
    Object value = value(input);
    if (value instanceof Double number) {
      return number;
    } else if (value instanceof Number number) {
      return number.doubleValue();
    } else if (value instanceof Boolean bool) {
      return bool ? 1 : 0;
    }
    return Double.NaN;
  }

  /** The category; null if it is missing. */
  String category(int input) {
    Object value = value(input);
    return value == null ? null : value.toString();
  }

  /** The vector; null if it is missing. */
  Vector vector(int input) {
    return (Vector) value(input);
  }
}
