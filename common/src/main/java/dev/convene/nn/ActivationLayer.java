package dev.convene.nn;

import dev.ludovic.netlib.blas.BLAS;

/**
 * An activation and then dropout, in one pass over memory: in training, the activation's derivative
 * and dropout's factor are one number.
 *
 * @param dropout the probability with which a unit is dropped while training, in [0, 1)
 * @param number of this layer among its kind, from 0: dropout's draws depend on it
 */
record ActivationLayer(Activation activation, float dropout, int width, int number)
    implements Layer {

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
    activation.apply(x, rows * width);
    return x;
  }

  @Override
  public LayerTraining training(int maxRows, Workspace workspace) {
    return new Training(this, maxRows, workspace);
  }

  private static final class Training implements LayerTraining {
    private final ActivationLayer layer;
    private final Workspace workspace;
    private final Dropout dropout;
    private final float[] derivatives;

    Training(ActivationLayer layer, int maxRows, Workspace workspace) {
      this.layer = layer;
      this.workspace = workspace;
      this.dropout = new Dropout(layer.dropout);
      this.derivatives = new float[maxRows * layer.width];
    }

    @Override
    public float[] forward(
        float[] parameters, float[] x, int rows, int firstRow, RandomStream random) {
      int n = rows * layer.width;
      layer.activation.applyInTraining(x, derivatives, factors(random, firstRow, rows, n), n);
      return x;
    }

    private float[] factors(RandomStream random, int firstRow, int rows, int n) {
      if (layer.dropout == 0) {
        return workspace.ones(n);
      }
      float[] factors = workspace.scratch(n);
      dropout.draw(random, layer.number, firstRow, rows, layer.width, factors);
      return factors;
    }

    @Override
    public float[] inputGradient(float[] parameters, float[] dy, int rows, float[] spare) {
      int n = rows * layer.width;
      for (int i = 0; i < n; i++) {
        dy[i] *= derivatives[i];
      }
      return dy;
    }

    @Override
    public void parameterGradient(float[] dy, int rows, float[] gradient, boolean accumulate) {}
  }
}
