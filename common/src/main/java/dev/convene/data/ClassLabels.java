package dev.convene.data;

import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.when;

import dev.convene.ConveneException;
import java.math.BigDecimal;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Labels of classification are class indices: whole numbers 0, 1, ..., K - 1. */
public final class ClassLabels {
  private ClassLabels() {}

  /**
   * The number of classes K: the largest label and one.
   *
   * @param label the label's column, of doubles
   * @param what the rows, as a message names them
   * @throws ConveneException if a label is negative or not whole, if all are the same, or if there
   *     are no rows
   */
  public static int count(Dataset<Row> rows, String label, String what) {
    Extremes labels = extremes(rows, label, Integer.MAX_VALUE, what);
    if (labels.firstWrong != null) {
      throw ConveneException.data(
          "label %s in %s: class labels are whole numbers from 0", labels.firstWrong, what);
    }
    if (labels.smallest == labels.largest) {
      throw ConveneException.data(
          "the labels in %s are all %s: classification needs two classes",
          what, plain(labels.largest));
    }
    return (int) labels.largest + 1;
  }

  /**
   * Checks labels against a model's classes.
   *
   * @throws ConveneException if a label is none of 0 .. classes - 1, or if there are no rows
   */
  public static void requireWithin(Dataset<Row> rows, String label, int classes, String what) {
    Extremes labels = extremes(rows, label, classes, what);
    if (labels.firstWrong != null) {
      throw ConveneException.data(
          "label %s in %s is outside the model's %d classes 0..%d",
          labels.firstWrong, what, classes, classes - 1);
    }
  }

  private record Extremes(double smallest, double largest, String firstWrong) {}

  private static Extremes extremes(Dataset<Row> rows, String label, int classes, String what) {
    Column value = rows.col("`" + label.replace("`", "``") + "`");
    Column wrong = value.lt(0.0).or(value.geq((double) classes)).or(value.notEqual(floor(value)));
    Row found = rows.agg(min(value), max(value), min(when(wrong, value))).head();
    if (found.isNullAt(0)) {
      throw ConveneException.data("%s has no rows", what);
    }
    String firstWrong = found.isNullAt(2) ? null : plain(found.getDouble(2));
    return new Extremes(found.getDouble(0), found.getDouble(1), firstWrong);
  }

  /** 3 rather than 3.0, and never 1E10. */
  private static String plain(double label) {
    return Double.isFinite(label)
        ? BigDecimal.valueOf(label).stripTrailingZeros().toPlainString()
        : String.valueOf(label);
  }
}
