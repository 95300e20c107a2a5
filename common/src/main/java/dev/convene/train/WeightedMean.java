package dev.convene.train;

import java.util.List;
import java.util.stream.IntStream;

/** A mean of arrays by their weights: summed in double, in the order they come in, rounded once. */
final class WeightedMean {
  /** Sums that stay in a core's cache while array after array is added. */
  private static final int BLOCK = 1 << 12;

  private final double[] sums;
  private double weight;

  WeightedMean(int length) {
    this.sums = new double[length];
  }

  /** Of arrays that are all here, on all cores. */
  static float[] of(double[] weights, List<float[]> arrays) {
    float[] mean = new float[arrays.get(0).length];
    IntStream.range(0, (mean.length + BLOCK - 1) / BLOCK)
        .parallel()
        .map(block -> block * BLOCK)
        .forEach(
            from -> {
              WeightedMean part = new WeightedMean(Math.min(BLOCK, mean.length - from));
              for (int i = 0; i < weights.length; i++) {
                part.add(weights[i], arrays.get(i), from);
              }
              part.round(mean, from);
            });
    return mean;
  }

  void add(double weightOfValues, float[] values) {
    add(weightOfValues, values, 0);
  }

  float[] rounded() {
    float[] mean = new float[sums.length];
    round(mean, 0);
    return mean;
  }

  private void add(double weightOfValues, float[] values, int from) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += weightOfValues * values[from + i];
    }
    weight += weightOfValues;
  }

  private void round(float[] mean, int from) {
    for (int i = 0; i < sums.length; i++) {
      mean[from + i] = (float) (sums[i] / weight);
    }
  }
}
