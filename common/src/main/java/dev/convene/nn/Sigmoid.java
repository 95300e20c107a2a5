package dev.convene.nn;

/**
 * 1 / (1 + exp(-z)) in float32, within 3 units in the last place; 0 below z = -87.7, where that is
 * less than a normal number.
 */
record Sigmoid() implements ExponentialActivation {
  @Override
  public String description() {
    return "sigmoid";
  }

  @Override
  public double squaredGain() {
    return 1;
  }

  @Override
  public void evaluate(Chunk chunk, int count) {
    float[] values = chunk.values;
    float[] derivatives = chunk.derivatives;
    compute(chunk, count);
    for (int i = 0; i < count; i++) {
      float value = values[i];
      derivatives[i] = value * (1 - value);
    }
  }

  /** The values alone. */
  static void compute(Chunk chunk, int count) {
    float[] z = chunk.z;
    float[] x = chunk.x;
    float[] values = chunk.values;
    for (int i = 0; i < count; i++) {
      x[i] = -z[i];
    }
    chunk.exponential.compute(x, count);
    float[] powers = chunk.exponential.powers();
    float[] rests = chunk.exponential.rests();
    for (int i = 0; i < count; i++) {
      values[i] = 1 / (1 + powers[i] * (1 + rests[i]));
    }
  }
}
