package dev.convene.train;

/** A mean of arrays by their weights: summed in double, in the order they come in, rounded once. */
final class WeightedMean {
  private final double[] sums;
  private double weight;

  WeightedMean(int length) {
    this.sums = new double[length];
  }

  void add(double weightOfValues, float[] values) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += weightOfValues * values[i];
    }
    weight += weightOfValues;
  }

  float[] rounded() {
    float[] mean = new float[sums.length];
    for (int i = 0; i < sums.length; i++) {
      mean[i] = (float) (sums[i] / weight);
    }
    return mean;
  }
}
