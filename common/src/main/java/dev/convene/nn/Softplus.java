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
    float[] u = x;
    for (int i = 0; i < count; i++) {
      u[i] = powers[i] * (1 + rests[i]);
    }
    // log(1 + u) = 2 artanh(s), whose Taylor series has all the digits for s up to 1/3.
    float[] s = derivatives;
    for (int i = 0; i < count; i++) {
      s[i] = u[i] / (2 + u[i]);
    }
    for (int i = 0; i < count; i++) {
      float square = s[i] * s[i];
      values[i] = 1f / 9 + square * (1f / 11 + square * (1f / 13 + square * (1f / 15)));
    }
    for (int i = 0; i < count; i++) {
      float square = s[i] * s[i];
      float series = square * (1f / 3 + square * (1f / 5 + square * (1f / 7 + square * values[i])));
      values[i] = Math.max(z[i], 0f) + 2 * s[i] * (1 + series);
    }
    for (int i = 0; i < count; i++) {
      float isPositive = Relu.indicator(Math.max(z[i], 0f));
      derivatives[i] = (isPositive + (1 - isPositive) * u[i]) / (1 + u[i]);
    }
  }
}
