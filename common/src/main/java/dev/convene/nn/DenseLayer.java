package dev.convene.nn;

import dev.ludovic.netlib.blas.BLAS;
import java.io.Serializable;

/**
 * A fully connected layer as a view of the flat parameters: weight [outputs][inputs] row-major from
 * {@code offset}, then bias [outputs]. Matrices of rows are row-major too; BLAS, which thinks in
 * columns, sees each as its transpose.
 */
public record DenseLayer(int inputs, int outputs, int offset) implements Serializable {

  /** Weights and biases. */
  public int parameterCount() {
    return outputs * inputs + outputs;
  }

  int biasOffset() {
    return offset + outputs * inputs;
  }

  /** y [rows][outputs] = x [rows][inputs] weight^T + bias. */
  void forward(BLAS blas, float[] parameters, float[] x, int rows, float[] y) {
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
  void inputGradient(BLAS blas, float[] parameters, float[] dy, int rows, float[] dx) {
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
  void parameterGradient(
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
