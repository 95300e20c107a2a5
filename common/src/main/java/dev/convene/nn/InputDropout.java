package dev.convene.nn;

import dev.ludovic.netlib.blas.BLAS;

/**
 * Dropout of the network's inputs.
 *
 * @param rate the probability with which one is dropped while training, in (0, 1)
 * @param number dropout's draws depend on it
 */
record InputDropout(float rate, int width, int number) implements Layer {
  @Override
  public int inputs() {
    return width;
  }

  @Override
  public int outputs() {
    return width;
  }

  @Override
  public int offset() {
    return 0;
  }

  @Override
  public int parameterCount() {
    return 0;
  }

  @Override
  public void initialize(float[] parameters, Initializer initializer, RandomStream random) {}

  @Override
  public float[] outputs(BLAS blas, float[] parameters, float[] x, int rows, float[] spare) {
    return x;
  }

  @Override
  public LayerTraining training(int maxRows, Workspace workspace) {
    return new Training(this, maxRows);
  }

  private static final class Training implements LayerTraining {
    private final InputDropout layer;
    private final Dropout dropout;
    private final float[] y;

    Training(InputDropout layer, int maxRows) {
      this.layer = layer;
      this.dropout = new Dropout(layer.rate);
      this.y = new float[maxRows * layer.width];
    }

    @Override
    public float[] forward(
        float[] parameters, float[] x, int rows, int firstRow, RandomStream random) {
      dropout.draw(random, layer.number, firstRow, rows, layer.width, y);
      int n = rows * layer.width;
      for (int i = 0; i < n; i++) {
        y[i] *= x[i];
      }
      return y;
    }

    @Override
    public float[] inputGradient(float[] parameters, float[] dy, int rows, float[] spare) {
      throw new UnsupportedOperationException("nothing before the inputs learns");
    }

    @Override
    public void parameterGradient(float[] dy, int rows, float[] gradient, boolean accumulate) {}
  }
}
