package dev.convene.nn;

/**
 * z Phi(z), where Phi is the standard normal distribution function (Hendrycks, Gimpel 2016): the
 * exact form, PyTorch's default, and not the one by tanh.
 *
 * <p>Phi(-a) = exp(-a^2 / 2) t P(t) for a from 0 on, t = 1 / (1 + 0.3 a). The polynomial P is the
 * best one of degree 7 by relative error, 1.1e-7 up to a = 13, beyond which nothing is left in
 * float32.
 */
record Gelu() implements ExponentialActivation {
  private static final float LIMIT = 13;
  private static final float DENSITY_AT_0 = (float) (1 / Math.sqrt(2 * Math.PI));
  private static final float P0 = 0.11962324f;
  private static final float P1 = 0.12084599f;
  private static final float P2 = 0.099344015f;
  private static final float P3 = 0.13042758f;
  private static final float P4 = -0.057190053f;
  private static final float P5 = 0.21014498f;
  private static final float P6 = -0.15939483f;
  private static final float P7 = 0.036199078f;

  @Override
  public String description() {
    return "gelu";
  }

  @Override
  public double squaredGain() {
    return Relu.SQUARED_GAIN;
  }

  @Override
  public void evaluate(Chunk chunk, int count) {
    float[] z = chunk.z;
    float[] x = chunk.x;
    float[] values = chunk.values;
    float[] derivatives = chunk.derivatives;
    for (int i = 0; i < count; i++) {
      float a = Math.min(Math.abs(z[i]), LIMIT);
      x[i] = -0.5f * a * a;
    }
    chunk.exponential.compute(x, count);
    float[] powers = chunk.exponential.powers();
    float[] rests = chunk.exponential.rests();
    float[] density = x;
    for (int i = 0; i < count; i++) {
      density[i] = powers[i] * (1 + rests[i]);
    }
    float[] t = derivatives;
    for (int i = 0; i < count; i++) {
      t[i] = 1 / (1 + 0.3f * Math.min(Math.abs(z[i]), LIMIT));
    }
    float[] tail = values;
    for (int i = 0; i < count; i++) {
      tail[i] = P3 + t[i] * (P4 + t[i] * (P5 + t[i] * (P6 + t[i] * P7)));
    }
    for (int i = 0; i < count; i++) {
      tail[i] = density[i] * (t[i] * (P0 + t[i] * (P1 + t[i] * (P2 + t[i] * tail[i]))));
    }
    for (int i = 0; i < count; i++) {
      float isPositive = Relu.indicator(Math.max(z[i], 0f));
      float within = Math.max(-LIMIT, Math.min(z[i], LIMIT));
      derivatives[i] =
          isPositive + (1 - 2 * isPositive) * tail[i] + within * (DENSITY_AT_0 * density[i]);
    }
    for (int i = 0; i < count; i++) {
      values[i] = Math.max(z[i], 0f) - Math.min(Math.abs(z[i]), LIMIT) * tail[i];
    }
  }
}
