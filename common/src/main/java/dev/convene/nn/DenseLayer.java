package dev.convene.nn;

import dev.ludovic.netlib.blas.BLAS;

/**
 * A fully connected layer: weight [outputs][inputs] row-major from {@code offset} of the flat
 * parameters, then bias [outputs]. BLAS, which thinks in columns, sees each matrix as its
 * transpose.
 */
public record DenseLayer(int inputs, int outputs, int offset) implements Layer {

  /** Weights and biases. */
  @Override
  public int parameterCount() {
    return outputs * inputs + outputs;
  }

  /** The place of its first bias. */
  int biasOffset() {
    return offset + outputs * inputs;
  }

  @Override
  public void initialize(float[] parameters, Initializer initializer, RandomStream random) {
    int end = offset + parameterCount();
    initializer.weights().draw(parameters, offset, biasOffset(), inputs, outputs, random);
    initializer.biases().draw(parameters, biasOffset(), end, inputs, outputs, random);
  }

  /**
   * Shortens the incoming weights of each unit, without its bias, whose Euclidean norm is larger.
   *
   * @param maxNorm above 0
   */
  public void limitWeightNorms(float[] parameters, double maxNorm) {
    for (int from = offset; from < biasOffset(); from += inputs) {
      double squares = 0;
      for (int i = from; i < from + inputs; i++) {
        squares += (double) parameters[i] * parameters[i];
      }
      double norm = Math.sqrt(squares);
      if (norm > maxNorm) {
        float share = (float) (maxNorm / norm);
        for (int i = from; i < from + inputs; i++) {
          parameters[i] *= share;
        }
      }
    }
  }

  @Override
  public float[] outputs(BLAS blas, float[] parameters, float[] x, int rows, float[] spare) {
    forward(blas, parameters, x, rows, spare);
    return spare;
  }

  @Override
  public LayerTraining training(int maxRows, Workspace workspace) {
    return new Training(this, maxRows, workspace);
  }

  private static final class Training implements LayerTraining {
    private final DenseLayer layer;
    private final Workspace workspace;
    private final float[] y;
    private float[] x;

    Training(DenseLayer layer, int maxRows, Workspace workspace) {
      this.layer = layer;
      this.workspace = workspace;
      this.y = new float[maxRows * layer.outputs];
    }

    @Override
    public float[] forward(
        float[] parameters, float[] in, int rows, int firstRow, RandomStream random) {
      x = in;
      layer.forward(workspace.blas(), parameters, in, rows, y);
      return y;
    }

    @Override
    public float[] inputGradient(float[] parameters, float[] dy, int rows, float[] spare) {
      layer.inputGradient(workspace.blas(), parameters, dy, rows, spare);
      return spare;
    }

    @Override
    public void parameterGradient(float[] dy, int rows, float[] gradient, boolean accumulate) {
      float[] ones = workspace.ones(rows);
      layer.parameterGradient(workspace.blas(), x, dy, rows, ones, gradient, accumulate);
    }
  }

  /** y [rows][outputs] = x [rows][inputs] weight^T + bias. */
  private void forward(BLAS blas, float[] parameters, float[] x, int rows, float[] y) {
    for (int row = 0; row < rows; row++) {
      System.arraycopy(parameters, biasOffset(), y, row * outputs, outputs);
    }
    blas.sgemm(
        "T",
        "N",
        outputs,
        rows,
        inputs,
        1f,
        parameters,
        offset,
        inputs,
        x,
        0,
        inputs,
        1f,
        y,
        0,
        outputs);
  }

  /** The loss's gradient by x from the one by y: dx [rows][inputs] = dy [rows][outputs] weight. */
  private void inputGradient(BLAS blas, float[] parameters, float[] dy, int rows, float[] dx) {
    blas.sgemm(
        "N",
        "N",
        inputs,
        rows,
        outputs,
        1f,
        parameters,
        offset,
        inputs,
        dy,
        0,
        outputs,
        0f,
        dx,
        0,
        inputs);
  }

  /**
   * The loss's gradient by this layer's parameters, dy^T x and the column sums of dy, in their
   * places of the flat gradient; added to what is there if {@code accumulate}.
   *
   * @param ones at least {@code rows} of them
   */
  private void parameterGradient(
      BLAS blas,
      float[] x,
      float[] dy,
      int rows,
      float[] ones,
      float[] gradient,
      boolean accumulate) {
    blas.sgemm(
        "N",
        "T",
        inputs,
        outputs,
        rows,
        1f,
        x,
        0,
        inputs,
        dy,
        0,
        outputs,
        accumulate ? 1f : 0f,
        gradient,
        offset,
        inputs);
    biasGradient(blas, dy, rows, ones, gradient, accumulate);
  }

  /** The part of {@link #parameterGradient} that is by the biases. */
  void biasGradient(
      BLAS blas, float[] dy, int rows, float[] ones, float[] gradient, boolean accumulate) {
    blas.sgemv(
        "N",
        outputs,
        rows,
        1f,
        dy,
        0,
        outputs,
        ones,
        0,
        1,
        accumulate ? 1f : 0f,
        gradient,
        biasOffset(),
        1);
  }
}
