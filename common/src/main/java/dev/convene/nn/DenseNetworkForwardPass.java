package dev.convene.nn;

import dev.ludovic.netlib.blas.BLAS;
import java.util.List;

/** Of dense rows on BLAS; of sparse ones with the weights of the first layer that they touch. */
final class DenseNetworkForwardPass implements ForwardPass {
  private final LayersForwardPass layers;
  private final DenseLayer first;
  private final int layersBeforeSecond;
  private final TouchedWeights touched;
  private float[] y = {};

  DenseNetworkForwardPass(DenseNetwork network, int maxRows, BLAS blas) {
    List<Layer> stack = network.stack();
    this.first = network.layers().get(0);
    this.touched = new TouchedWeights(first);
    this.layersBeforeSecond = stack.indexOf(first) + 1;
    this.layers = new LayersForwardPass(stack, maxRows, blas);
  }

  @Override
  public float[] outputs(float[] parameters, float[] x, int rows) {
    return layers.outputs(parameters, x, rows);
  }

  @Override
  public float[] outputs(float[] parameters, SparseRows x) {
    if (y.length < x.rows() * first.outputs()) {
      y = new float[x.rows() * first.outputs()];
    }
    touched.clear();
    touched.touch(x, parameters);
    touched.forward(x, parameters, y);
    return layers.outputs(parameters, y, x.rows(), layersBeforeSecond);
  }
}
