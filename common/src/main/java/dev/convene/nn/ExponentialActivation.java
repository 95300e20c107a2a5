package dev.convene.nn;

/** An activation that is made of exponentials, chunk by chunk. */
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
      for (int i = 0; i < count; i++) {
        values[from + i] = chunk.values[i] * factors[from + i];
        derivatives[from + i] = chunk.derivatives[i] * factors[from + i];
      }
    }
  }
}
