package dev.convene.nn;

/** Computes a network's outputs, without dropout. Its buffers make it a one-thread object. */
public interface ForwardPass {
  /**
   * The outputs, of a classification before softmax, [rows][outputs]. The array, which may be
   * longer, is reused by the next call.
   *
   * @param x [rows][inputs], may be longer
   */
  float[] outputs(float[] parameters, float[] x, int rows);
}
