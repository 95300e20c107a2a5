package dev.convene.ml;

import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import dev.convene.ConveneException;
import dev.convene.data.ColumnNames;
import java.math.BigDecimal;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;

/**
 * Counts the classes of labels, which are whole numbers 0, 1, ..., K - 1, and checks other labels
 * against them: by a pass over the rows, so that training need not start in vain, or in the pass
 * that reads the rows.
 */
public final class LabelChecks {
  private LabelChecks() {}

  /**
   * The number of classes K, by one pass: what the metadata of the label's column declare, else the
   * largest label and one.
   *
   * @param label the label's column, of doubles
   * @param rowsName how a message names the rows
   * @throws ConveneException (data) if a label is negative or not whole or, in spite of the
   *     metadata, K or more; if all are the same; if there are no rows
   */
  public static int countClasses(Dataset<Row> rows, String label, String rowsName) {
    Extremes labels = extremes(rows, label, Integer.MAX_VALUE, rowsName);
    if (labels.firstWrong != null) {
      throw ConveneException.data(
          "label %s in %s, column %s: class labels are whole numbers from 0; take its values as"
              + " categories (data.categorical, or a StringIndexer)",
          labels.firstWrong, rowsName, label);
    }
    if (labels.smallest == labels.largest) {
      throw ConveneException.data(
          "the labels in %s are all %s: classification needs two classes",
          rowsName, plain(labels.largest));
    }
    return LabelMetadata.of(rows.schema().apply(label))
        .countWith((int) labels.largest + 1, rowsName);
  }

  /**
   * Checks labels against a model's classes, by one pass.
   *
   * @throws ConveneException (data) if a label is none of 0 .. classes - 1, or if there are no rows
   */
  public static void requireWithin(Dataset<Row> rows, String label, int classes, String rowsName) {
    Extremes labels = extremes(rows, label, classes, rowsName);
    if (labels.firstWrong != null) {
      throw ConveneException.data(
          "label %s%s", labels.firstWrong, outsideOfModel(classes, rowsName));
    }
  }

  /**
   * The labels, checked against a model's classes in the pass that reads them. That pass ends with
   * a {@link ConveneException} (data) as a cause if a label is none of 0 .. classes - 1.
   */
  static Column within(Column label, int classes, String rowsName) {
    return checked(label, classes, outsideOfModel(classes, rowsName));
  }

  /** Like {@link #within} for the rows of a training whose classes the metadata declare. */
  static Column withinDeclared(Column label, LabelMetadata declared, String rowsName) {
    return checked(label, declared.count(), declared.outside(rowsName));
  }

  private static Column checked(Column label, int classes, String problem) {
    UDF1<Double, Double> fail =
        value -> {
          throw ConveneException.data("label %s%s", plain(value), problem);
        };
    // A label that is null is not wrong: the reader has its own message for it.
    return when(isWrong(label, classes), udf(fail, DataTypes.DoubleType).apply(label))
        .otherwise(label);
  }

  private static Column isWrong(Column label, int classes) {
    return label.lt(0.0).or(label.geq((double) classes)).or(label.notEqual(floor(label)));
  }

  private static String outsideOfModel(int classes, String rowsName) {
    return " in %s is outside the model's %d classes 0..%d"
        .formatted(rowsName, classes, classes - 1);
  }

  private record Extremes(double smallest, double largest, String firstWrong) {}

  private static Extremes extremes(Dataset<Row> rows, String label, int classes, String rowsName) {
    Column value = ColumnNames.column(label);
    Row found = rows.agg(min(value), max(value), min(when(isWrong(value, classes), value))).head();
    if (found.isNullAt(0)) {
      throw ConveneException.data("%s has no rows", rowsName);
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
