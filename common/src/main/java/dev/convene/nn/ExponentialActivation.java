package dev.convene.nn;

/**
 * An activation that is made of exponentials, chunk by chunk.
 *
 * <p>Its loops run over whole arrays from 0, as in {@link Exponential}, and do little each: the JIT
 * turns no long ones into vector instructions.
 */
interface ExponentialActivation extends Activation {
  /** Values and derivatives at the first z of a chunk. */
  void evaluate(Chunk chunk, int count);

  @Override
  default void apply(float[] values, int n) {
    Chunk chunk = Chunk.of(n);
    for (int from = 0; from < n; from += chunk.size()) {
      int count = Math.min(chunk.size(), n - from);
      System.arraycopy(values, from, chunk.z, 0, count);
      evaluate(chunk, count);
      System.arraycopy(chunk.values, 0, values, from, count);
    }
  }

  @Override
  default void applyInTraining(float[] values, float[] derivatives, float[] factors, int n) {
    Chunk chunk = Chunk.of(n);
    for (int from = 0; from < n; from += chunk.size()) {
      int count = Math.min(chunk.size(), n - from);
      System.arraycopy(values, from, chunk.z, 0, count);
      evaluate(chunk, count);
      System.arraycopy(chunk.values, 0, values, from, count);
      System.arraycopy(chunk.derivatives, 0, derivatives, from, count);
    }
    for (int i = 0; i < n; i++) {
      values[i] *= factors[i];
      derivatives[i] *= factors[i];
    }
  }
}
