package dev.convene.ml;

import dev.convene.nn.Loss;
import java.io.Serializable;
import java.util.Arrays;

/** A network's outputs for some rows; of a classification before softmax. */
final class BlockOutputs implements Serializable {
  private static final long serialVersionUID = 1;

  private final float[] values;
  private final int rows;
  private final int width;

  /**
   * @param values [rows][width], may be longer
   * @param width outputs of a row
   */
  BlockOutputs(float[] values, int rows, int width) {
    this.values = values;
    this.rows = rows;
    this.width = width;
  }

  int rows() {
    return rows;
  }

  /** One row's, in an array of their own. */
  double[] ofRow(int row) {
    double[] ofRow = new double[width];
    for (int i = 0; i < width; i++) {
      ofRow[i] = values[row * width + i];
    }
    return ofRow;
  }

  /** One row's, as scores of classes. */
  ClassScores classScores(int row) {
    return new ClassScores(ofRow(row));
  }

  /**
   * The loss of one row.
   *
   * @param targets [rows][targets of a row]
   */
  double loss(Loss loss, float[] targets, int row) {
    return loss.ofRow(values, targets, row, width);
  }

  /**
   * The sum of the rows' losses.
   *
   * @param targets [rows][targets of a row]
   */
  double totalLoss(Loss loss, float[] targets) {
    return loss.sum(values, targets, rows, width);
  }

  /** The same outputs, which no later block overwrites. */
  BlockOutputs copy() {
    return new BlockOutputs(Arrays.copyOf(values, rows * width), rows, width);
  }
}
