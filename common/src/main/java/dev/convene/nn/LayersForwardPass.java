package dev.convene.nn;

import dev.ludovic.netlib.blas.BLAS;
import java.util.List;

/** Layer by layer, on BLAS. */
final class LayersForwardPass implements ForwardPass {
  private final List<Layer> layers;
  private final BLAS blas;
  private final float[][] buffers;

  LayersForwardPass(List<Layer> layers, int maxRows, BLAS blas) {
    this.layers = layers;
    this.blas = blas;
    int widest = layers.stream().mapToInt(Layer::outputs).max().orElseThrow();
    this.buffers = new float[2][maxRows * widest];
  }

  @Override
  public float[] outputs(float[] parameters, float[] x, int rows) {
    return outputs(parameters, x, rows, 0);
  }

  /**
   * The outputs of rows that have gone through the first so many layers.
   *
   * @param x [rows][inputs of the next layer]; it may be changed
   */
  float[] outputs(float[] parameters, float[] x, int rows, int layersBefore) {
    float[] in = x;
    for (Layer layer : layers.subList(layersBefore, layers.size())) {
      float[] spare = in == buffers[0] ? buffers[1] : buffers[0];
      in = layer.outputs(blas, parameters, in, rows, spare);
    }
    return in;
  }
}
