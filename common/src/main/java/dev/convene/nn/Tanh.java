package dev.convene.nn;

/** Hyperbolic tangent. */
record Tanh() implements Activation {
  private static final double GAIN = 5 / 3.0;

  @Override
  public String description() {
    return "tanh";
  }

  @Override
  public double squaredGain() {
    return GAIN * GAIN;
  }

  @Override
  public void apply(float[] values, int n) {
    for (int i = 0; i < n; i++) {
      values[i] = (float) Math.tanh(values[i]);
    }
  }

  @Override
  public void applyInTraining(float[] values, float[] derivatives, float[] factors, int n) {
    apply(values, n);
    for (int i = 0; i < n; i++) {
      float value = values[i];
      derivatives[i] = (1 - value * value) * factors[i];
      values[i] = value * factors[i];
    }
  }
}
