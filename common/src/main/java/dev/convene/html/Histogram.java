package dev.convene.html;

import java.util.Arrays;

/** Values counted in bins of one width. */
final class Histogram {
  private final double[] centers;
  private final double[] counts;

  private Histogram(double[] centers, double[] counts) {
    this.centers = centers;
    this.counts = counts;
  }

  /** Of the bins, ascending. */
  double[] centers() {
    return centers;
  }

  /** By bin. */
  double[] counts() {
    return counts;
  }

  /** Of those values that are finite; of values that are all equal, one bin. */
  static Histogram of(double[] values, int bins) {
    double[] finite = Arrays.stream(values).filter(Double::isFinite).toArray();
    double low = Arrays.stream(finite).min().orElse(0);
    double high = Arrays.stream(finite).max().orElse(0);
    if (low == high) {
      return new Histogram(new double[] {low}, new double[] {finite.length});
    }
    double width = (high - low) / bins;
    double[] centers = new double[bins];
    Arrays.setAll(centers, bin -> low + (bin + 0.5) * width);
    double[] counts = new double[bins];
    for (double value : finite) {
      counts[Math.min(bins - 1, (int) ((value - low) / width))]++;
    }
    return new Histogram(centers, counts);
  }
}
