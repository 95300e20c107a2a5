package dev.convene.ml;

import static dev.convene.data.ColumnNames.column;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;

import dev.convene.ConveneException;
import dev.convene.stats.ExactSum;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;

/** How much rows count, as columns to be computed where the rows are. */
final class RowWeights {
  private RowWeights() {}

  /**
   * A column's weights. Whoever computes one that is null, negative or not finite gets a {@link
   * ConveneException} (data) as a cause.
   */
  static Column of(String weightCol) {
    UDF1<Double, Double> checked =
        weight -> {
          if (weight == null) {
            throw ConveneException.data(
                "a row has no weight in column %s: fill it or drop the row", weightCol);
          }
          if (!(weight >= 0) || weight.isInfinite()) {
            throw ConveneException.data(
                "weight %s in column %s: the weight of a row is a finite number of at least 0",
                weight, weightCol);
          }
          return weight;
        };
    return udf(checked, DataTypes.DoubleType).apply(column(weightCol).cast(DataTypes.DoubleType));
  }

  /**
   * What rows weigh in classification: their column's weight times that of their class; empty if
   * all weigh the same.
   *
   * @param training the rows by which classes are balanced
   * @throws ConveneException (usage) if there are other classes than weights
   */
  static Optional<Column> of(
      NeuralNetworkClassifierParams params, Dataset<Row> training, String labelCol, int classes) {
    Optional<Column> ofRow = params.weightColumn().map(RowWeights::of);
    boolean given = params.isSet(params.classWeights());
    if (!given && !params.getBalanceClasses()) {
      return ofRow;
    }
    double[] weights =
        given
            ? params.getClassWeights()
            : balancing(training, labelCol, ofRow.orElse(lit(1.0)), classes);
    if (weights.length != classes) {
      throw ConveneException.usage(
          "classWeights has %s numbers, but there are %s classes", weights.length, classes);
    }
    Column ofClass = ofClass(weights, labelCol);
    return Optional.of(ofRow.map(ofClass::multiply).orElse(ofClass));
  }

  /** The weight of each row's class; null without label. */
  private static Column ofClass(double[] classWeights, String labelCol) {
    UDF1<Double, Double> weight =
        label -> label == null ? null : (Double) classWeights[label.intValue()];
    return udf(weight, DataTypes.DoubleType).apply(column(labelCol));
  }

  /**
   * The weight of each class k that makes all count alike, n / (K n_k): n_k is the exact sum of its
   * rows' weights, n that of all rows. A class that weighs nothing has weight 0.
   *
   * @throws ConveneException (data) if no row weighs anything
   */
  static double[] balancing(Dataset<Row> rows, String labelCol, Column weight, int classes) {
    ExactSum[] sums =
        rows.select(column(labelCol), weight)
            .na()
            .drop()
            .javaRDD()
            .mapPartitions(part -> List.<ExactSum[]>of(sums(part, classes)).iterator())
            .reduce(RowWeights::merged);
    ExactSum total = new ExactSum();
    Arrays.stream(sums).forEach(total::add);
    double n = total.doubleValue();
    if (n == 0) {
      throw ConveneException.data("all weights of the training data are 0");
    }
    return Arrays.stream(sums)
        .mapToDouble(ExactSum::doubleValue)
        .map(ofClass -> ofClass == 0 ? 0 : n / (classes * ofClass))
        .toArray();
  }

  private static ExactSum[] sums(Iterator<Row> rows, int classes) {
    ExactSum[] sums = Stream.generate(ExactSum::new).limit(classes).toArray(ExactSum[]::new);
    rows.forEachRemaining(row -> sums[(int) row.getDouble(0)].add(row.getDouble(1)));
    return sums;
  }

  private static ExactSum[] merged(ExactSum[] a, ExactSum[] b) {
    for (int k = 0; k < a.length; k++) {
      a[k].add(b[k]);
    }
    return a;
  }
}
