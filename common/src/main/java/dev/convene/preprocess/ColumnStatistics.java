package dev.convene.preprocess;

import dev.convene.ConveneException;
import dev.convene.stats.ExactMoments;
import java.io.Serializable;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.linalg.Vector;

/**
 * Moments and extremes of every feature from one pass over the rows. Merging is exact, so the
 * results do not depend on partitions or on the order in which tasks end. A partition holds a few
 * hundred bytes a feature for ordinary data, always less than 2 KB.
 */
final class ColumnStatistics implements Serializable {
  private static final long serialVersionUID = 1;

  private final FeatureColumns columns;
  private final double factor;
  private final ExactMoments[] moments;
  private final double[] minimum;
  private final double[] maximum;
  private final long[] nonZeros;
  private final long[] missing;
  private final long[] infinite;
  private long rows;

  private ColumnStatistics(FeatureColumns columns, double factor) {
    this.columns = columns;
    this.factor = factor;
    moments = Stream.generate(ExactMoments::new).limit(columns.size()).toArray(ExactMoments[]::new);
    minimum = new double[columns.size()];
    maximum = new double[columns.size()];
    nonZeros = new long[columns.size()];
    missing = new long[columns.size()];
    infinite = new long[columns.size()];
    Arrays.fill(minimum, Double.POSITIVE_INFINITY);
    Arrays.fill(maximum, Double.NEGATIVE_INFINITY);
  }

  /**
   * The statistics of factor x feature; missing values do not count.
   *
   * @param missingAllowed whether numeric columns may miss values, though not all of them
   * @throws ConveneException if there are no rows, or features that are not finite
   */
  static ColumnStatistics of(
      JavaRDD<Vector> rows, FeatureColumns columns, double factor, boolean missingAllowed) {
    ColumnStatistics statistics =
        rows.treeAggregate(
            new ColumnStatistics(columns, factor), ColumnStatistics::add, ColumnStatistics::merge);
    statistics.check(missingAllowed);
    return statistics;
  }

  private ColumnStatistics add(Vector row) {
    rows++;
    columns.forEachNonZero(row, this::addNonZero);
    return this;
  }

  private void addNonZero(int feature, double value) {
    double scaled = factor * value;
    nonZeros[feature]++;
    if (Double.isNaN(scaled)) {
      missing[feature]++;
    } else if (Double.isFinite(scaled)) {
      moments[feature].add(scaled);
      minimum[feature] = Math.min(minimum[feature], scaled);
      maximum[feature] = Math.max(maximum[feature], scaled);
    } else {
      infinite[feature]++;
    }
  }

  private ColumnStatistics merge(ColumnStatistics other) {
    rows += other.rows;
    for (int f = 0; f < moments.length; f++) {
      moments[f].add(other.moments[f]);
      minimum[f] = Math.min(minimum[f], other.minimum[f]);
      maximum[f] = Math.max(maximum[f], other.maximum[f]);
      nonZeros[f] += other.nonZeros[f];
      missing[f] += other.missing[f];
      infinite[f] += other.infinite[f];
    }
    return this;
  }

  private void check(boolean missingAllowed) {
    if (rows == 0) {
      throw ConveneException.data("the training data has no rows");
    }
    if (!missingAllowed) {
      refuse(f -> missing[f] + infinite[f], "NaN, infinite or missing");
    }
    refuse(f -> columns.isNumber(f) ? 0 : missing[f], "NaN or missing");
    refuse(f -> infinite[f], "infinite");
    for (int f = 0; f < missing.length; f++) {
      if (missing[f] == rows) {
        throw ConveneException.data(
            "feature column %s has no value in any of the %d training rows: leave it out of"
                + " data.features",
            columns.featureName(f), rows);
      }
    }
  }

  private void refuse(IntToLongFunction count, String problem) {
    int[] bad = IntStream.range(0, missing.length).filter(f -> count.applyAsLong(f) > 0).toArray();
    if (bad.length > 0) {
      throw ConveneException.data(
          "feature %s is %s in %d of %d training rows (features with such values: %d): clean these"
              + " rows, or leave the column out of data.features",
          columns.featureName(bad[0]), problem, count.applyAsLong(bad[0]), rows, bad.length);
    }
  }

  /** The number of rows that have a value of the feature. */
  long present(int feature) {
    return rows - missing[feature];
  }

  boolean hasMissing(int feature) {
    return missing[feature] > 0;
  }

  boolean hasMissing() {
    return Arrays.stream(missing).anyMatch(count -> count > 0);
  }

  double[] mean() {
    return ofEachFeature(f -> moments[f].mean(present(f)));
  }

  double[] sampleStandardDeviation() {
    return ofEachFeature(f -> moments[f].sampleStandardDeviation(present(f)));
  }

  double[] minimum() {
    return ofEachFeature(f -> nonZeros[f] < rows ? Math.min(minimum[f], 0) : minimum[f]);
  }

  double[] maximum() {
    return ofEachFeature(f -> nonZeros[f] < rows ? Math.max(maximum[f], 0) : maximum[f]);
  }

  double[] maximumMagnitude() {
    double[] minimum = minimum();
    double[] maximum = maximum();
    return ofEachFeature(f -> Math.max(Math.abs(minimum[f]), Math.abs(maximum[f])));
  }

  private double[] ofEachFeature(IntToDoubleFunction statistic) {
    return IntStream.range(0, moments.length).mapToDouble(statistic).toArray();
  }
}
