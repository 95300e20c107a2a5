package dev.convene.nn;

/** max(0, z); derivative 0 at 0, as in PyTorch. */
record Relu() implements Activation {
  /** He et al. 2015. */
  static final double SQUARED_GAIN = 2;

  /** 1 for a positive number however small, 0 for 0. */
  static float indicator(float notNegative) {
    return Math.min(notNegative * 0x1p127f * 0x1p127f, 1f);
  }

  @Override
  public String description() {
    return "relu";
  }

  @Override
  public double squaredGain() {
    return SQUARED_GAIN;
  }

  @Override
  public void apply(float[] values, int n) {
    for (int i = 0; i < n; i++) {
      values[i] = Math.max(values[i], 0f);
    }
  }

  @Override
  public void applyInTraining(float[] values, float[] derivatives, float[] factors, int n) {
    for (int i = 0; i < n; i++) {
      float positive = Math.max(values[i], 0f);
      derivatives[i] = indicator(positive) * factors[i];
      values[i] = positive * factors[i];
    }
  }
}
