package dev.convene.nn;

import dev.ludovic.netlib.blas.BLAS;

/** Layer by layer, on BLAS. */
final class DenseForwardPass implements ForwardPass {
  private final DenseNetwork network;
  private final BLAS blas;
  private final float[][] buffers;

  DenseForwardPass(DenseNetwork network, int maxRows, BLAS blas) {
    this.network = network;
    this.blas = blas;
    this.buffers = new float[2][maxRows * network.widest()];
  }

  @Override
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
