package dev.convene.nn;

import dev.ludovic.netlib.blas.BLAS;

/** Computes a network's outputs, without dropout. Its buffers make it a one-thread object. */
public final class ForwardPass {
  private final Network network;
  private final BLAS blas;
  private final float[][] buffers;

  /**
   * @param maxRows the most rows of one call
   */
  public ForwardPass(Network network, int maxRows, BLAS blas) {
    this.network = network;
    this.blas = blas;
    this.buffers = new float[2][maxRows * network.widest()];
  }

  /**
   * The outputs before softmax, [rows][outputs]. The array is reused by the next call.
   *
   * @param x [rows][inputs]
   */
  public float[] outputs(float[] parameters, float[] x, int rows) {
    float[] in = x;
    int last = network.layers().size() - 1;
    for (int i = 0; i <= last; i++) {
      DenseLayer layer = network.layers().get(i);
      float[] out = buffers[i % 2];
      layer.forward(blas, parameters, in, rows, out);
      if (i < last) {
        network.activation().apply(out, rows * layer.outputs());
      }
      in = out;
    }
    return in;
  }
}
