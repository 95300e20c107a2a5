package dev.convene.preprocess;

import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;

/** The raw columns of a row, numbered as {@link Preprocessing#inputs()} are. */
final class InputRow {
  private final Row row;

  InputRow(Row row) {
    this.row = row;
  }

  /** The number; NaN if it is missing. */
  double number(int input) {
    Object value = row.get(input);
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
    Object value = row.get(input);
    return value == null ? null : value.toString();
  }

  /** The vector; null if it is missing. */
  Vector vector(int input) {
    return (Vector) row.get(input);
  }
}
