package dev.convene.nn;

/**
 * scale z where z is positive, else scale alpha (exp(z) - 1).
 *
 * @param squaredGain see {@link Activation#squaredGain}
 */
record Elu(String description, double alpha, double scale, double squaredGain)
    implements ExponentialActivation {
  @Override
  public void evaluate(Chunk chunk, int count) {
    float[] z = chunk.z;
    float[] x = chunk.x;
    float[] values = chunk.values;
    float[] derivatives = chunk.derivatives;
    for (int i = 0; i < count; i++) {
      x[i] = Math.min(z[i], 0f);
    }
    chunk.exponential.compute(x, count);
    float[] powers = chunk.exponential.powers();
    float[] rests = chunk.exponential.rests();
    float above = (float) scale;
    float below = (float) (scale * alpha);
    for (int i = 0; i < count; i++) {
      float isPositive = Relu.indicator(Math.max(z[i], 0f));
      float exponential = powers[i] * rests[i] + powers[i];
      derivatives[i] = above * isPositive + below * (1 - isPositive) * exponential;
    }
    for (int i = 0; i < count; i++) {
      values[i] = above * Math.max(z[i], 0f) + below * (powers[i] * rests[i] + (powers[i] - 1));
    }
  }
}
