package dev.convene.nn;

/**
 * log(1 + exp(z)), a smooth relu. PyTorch's goes over to z above 20, where no float32 lies between
 * the two.
 */
record Softplus() implements ExponentialActivation {
  @Override
  public String description() {
    return "softplus";
  }

  @Override
  public double squaredGain() {
    return Relu.SQUARED_GAIN;
  }

  /** As max(z, 0) + log(1 + u), where u = exp(-|z|) does not overflow. */
  @Override
  public void evaluate(Chunk chunk, int count) {
    float[] z = chunk.z;
    float[] x = chunk.x;
    float[] values = chunk.values;
    float[] derivatives = chunk.derivatives;
    for (int i = 0; i < count; i++) {
      x[i] = -Math.abs(z[i]);
    }
    chunk.exponential.compute(x, count);
    float[] powers = chunk.exponential.powers();
    float[] rests = chunk.exponential.rests();
    for (int i = 0; i < count; i++) {
      float positive = Math.max(z[i], 0f);
      float isPositive = Relu.indicator(positive);
      float u = powers[i] * (1 + rests[i]);
      // log(1 + u) = 2 artanh(s), whose Taylor series has all the digits for s up to 1/3.
      float s = u / (2 + u);
      float square = s * s;
      float series = 1f / 9 + square * (1f / 11 + square * (1f / 13 + square * (1f / 15)));
      series = square * (1f / 3 + square * (1f / 5 + square * (1f / 7 + square * series)));
      values[i] = positive + 2 * s * (1 + series);
      derivatives[i] = (isPositive + (1 - isPositive) * u) / (1 + u);
    }
  }
}
