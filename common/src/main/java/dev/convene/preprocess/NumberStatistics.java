package dev.convene.preprocess;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.linalg.Vector;

/** What a plan needs to know about the numbers in the training rows. */
final class NumberStatistics {
  private static final double[] QUARTILES = {0.25, 0.5, 0.75};
  private static final double[] HALF = {0.5};
  private static final double[] NO_QUANTILES = {};

  private final PreprocessPlan plan;
  private final FeatureColumns columns;
  private final JavaRDD<Vector> rows;
  private final Map<String, Double> surrogates;

  /** Of the raw values; null if nothing of the plan asks for them. */
  private final ColumnStatistics raw;

  /** Of what the scaler sees, imputed and divided; null if there is no scaler. */
  private final ColumnStatistics scaled;

  /**
   * Reads the rows once for what any part of the plan asks for, and once more for a scaler that
   * sees imputed values.
   *
   * @param columns the columns that stay numbers, then the binned ones
   * @param anyBinned whether there are binned ones
   */
  NumberStatistics(
      RawFeatures features, FeatureColumns columns, boolean anyBinned, PreprocessPlan plan) {
    this.plan = plan;
    this.columns = columns;
    this.rows = columns.vectors(features);
    boolean imputes = plan.missing() != Missing.ERROR;
    boolean anyNumbers = columns.size() > 0;
    raw =
        anyNumbers && (imputes || anyBinned)
            ? ColumnStatistics.of(rows, columns, 1, imputes)
            : null;
    surrogates = anyNumbers && imputes ? fitSurrogates() : Map.of();
    scaled = anyNumbers && plan.scaler() != Scaler.NONE ? ofScaled() : null;
  }

  private ColumnStatistics ofScaled() {
    boolean seesRaw = raw != null && factor() == 1 && !raw.hasMissing();
    return seesRaw ? raw : ColumnStatistics.of(rows, imputed(), factor(), false);
  }

  /** MLlib multiplies; so do the statistics, to see what the scaler will see. */
  private double factor() {
    return 1 / plan.divideBy();
  }

  private FeatureColumns imputed() {
    return columns.imputing(surrogates);
  }

  private Map<String, Double> fitSurrogates() {
    double[] values =
        switch (plan.missing()) {
          case MEAN -> raw.mean();
          case MEDIAN -> {
            double[][] fractions = ofNumbers(HALF);
            Quantiles medians = Quantiles.of(rows, columns, 1, raw, fractions);
            yield ofEachFeature(f -> fractions[f].length > 0 ? medians.ofFeature(f)[0] : 0);
          }
          case MODE -> MostFrequentValues.of(rows, columns);
          case CONSTANT -> ofEachFeature(f -> plan.missingConstant());
          case ERROR -> throw new IllegalArgumentException("nothing is imputed");
        };
    Map<String, Double> surrogates = new LinkedHashMap<>();
    for (int f = 0; f < values.length; f++) {
      if (columns.isNumber(f)) {
        surrogates.put(columns.featureName(f), values[f]);
      }
    }
    return surrogates;
  }

  private double[][] ofNumbers(double[] fractions) {
    return IntStream.range(0, columns.size())
        .mapToObj(f -> columns.isNumber(f) ? fractions : NO_QUANTILES)
        .toArray(double[][]::new);
  }

  private double[] ofEachFeature(IntToDoubleFunction value) {
    return IntStream.range(0, columns.size()).mapToDouble(value).toArray();
  }

  /** What stands in for missing numbers, by column. */
  Map<String, Double> surrogates() {
    return surrogates;
  }

  /** Whether the numeric column, of which raw statistics were made, misses values. */
  boolean hasMissing(String column) {
    return raw.hasMissing(columns.featureOf(column));
  }

  /** A sentence for every numeric column whose values are known to be all the same. */
  List<String> constantColumns() {
    ColumnStatistics known = raw != null ? raw : scaled;
    if (known == null) {
      return List.of();
    }
    double[] minimum = known.minimum();
    double[] maximum = known.maximum();
    double factor = known == raw ? 1 : factor();
    return IntStream.range(0, columns.size())
        .filter(f -> columns.isNumber(f) && minimum[f] == maximum[f])
        .mapToObj(
            f ->
                String.format(
                    "feature column %s is %s in every training row%s",
                    columns.featureName(f),
                    minimum[f] / factor,
                    known.hasMissing(f) ? " that has a value" : ""))
        .toList();
  }

  /**
   * The borders of the columns' bins: from minus to plus infinity, and every bin but the last ends
   * with a quantile of the training values, which belongs to it. Equal quantiles make one bin, so
   * that there may be fewer bins than the plan says, but never an empty one unless the column is
   * constant.
   */
  Map<String, double[]> splits(List<String> binned) {
    double[][] fractions = new double[columns.size()][];
    Arrays.fill(fractions, NO_QUANTILES);
    for (String column : binned) {
      int bins = plan.binned().get(column);
      fractions[columns.featureOf(column)] =
          IntStream.range(1, bins).mapToDouble(i -> (double) i / bins).toArray();
    }
    Quantiles quantiles = Quantiles.of(rows, columns, 1, raw, fractions);
    double[] maximum = raw.maximum();
    Map<String, double[]> splits = new LinkedHashMap<>();
    for (String column : binned) {
      int feature = columns.featureOf(column);
      double largest = maximum[feature];
      double[] ends =
          DoubleStream.of(quantiles.ofFeature(feature)).filter(end -> end < largest).toArray();
      // A Bucketizer's bucket holds its lower border, not its upper one, and it has two at least.
      DoubleStream inner = ends.length > 0 ? DoubleStream.of(ends) : DoubleStream.of(largest);
      splits.put(
          column,
          DoubleStream.concat(
                  DoubleStream.concat(
                      DoubleStream.of(Double.NEGATIVE_INFINITY),
                      inner.map(Math::nextUp).distinct()),
                  DoubleStream.of(Double.POSITIVE_INFINITY))
              .toArray());
    }
    return splits;
  }

  /**
   * The scaler of the features that stay numbers.
   *
   * @param isScaled by feature; the others pass through the scaler unchanged
   */
  Transformer scaler(boolean[] isScaled, String input, String output) {
    return switch (plan.scaler()) {
      case STANDARD ->
          MllibModels.standard(
              chosen(isScaled, scaled.mean(), 0),
              chosen(isScaled, scaled.sampleStandardDeviation(), 1),
              input,
              output);
      case MIN_MAX ->
          MllibModels.minMax(
              chosen(isScaled, scaled.minimum(), 0),
              chosen(isScaled, scaled.maximum(), 1),
              input,
              output);
      case MAX_ABS ->
          MllibModels.maxAbs(chosen(isScaled, scaled.maximumMagnitude(), 1), input, output);
      case ROBUST -> {
        double[][] fractions = new double[columns.size()][];
        Arrays.setAll(
            fractions, f -> f < isScaled.length && isScaled[f] ? QUARTILES : NO_QUANTILES);
        Quantiles quartiles = Quantiles.of(rows, imputed(), factor(), scaled, fractions);
        yield MllibModels.robust(
            IntStream.range(0, isScaled.length)
                .mapToDouble(f -> isScaled[f] ? range(quartiles.ofFeature(f)) : 1)
                .toArray(),
            IntStream.range(0, isScaled.length)
                .mapToDouble(f -> isScaled[f] ? quartiles.ofFeature(f)[1] : 0)
                .toArray(),
            input,
            output);
      }
      case NONE -> throw new IllegalArgumentException("there is nothing to fit");
    };
  }

  private static double range(double[] quartiles) {
    return quartiles[2] - quartiles[0];
  }

  private static double[] chosen(boolean[] isScaled, double[] fitted, double unchanged) {
    return IntStream.range(0, isScaled.length)
        .mapToDouble(f -> isScaled[f] ? fitted[f] : unchanged)
        .toArray();
  }
}
