package dev.convene.train;

import java.io.Serializable;
import java.util.List;

/**
 * The losses of some rows and how they were classified. A row without a weight has weight 1.
 *
 * @param lossSum of weight times loss
 * @param correct the weight of the rows that were classified right; 0 for regression
 * @param weight of all these rows
 * @param rows their number
 */
public record LossSum(double lossSum, double correct, double weight, long rows)
    implements Serializable {

  /** Of no rows. */
  public static final LossSum NONE = new LossSum(0, 0, 0, 0);

  /** All together, added in their order. */
  static LossSum total(List<LossSum> parts) {
    double lossSum = 0;
    double correct = 0;
    double weight = 0;
    long rows = 0;
    for (LossSum part : parts) {
      lossSum += part.lossSum;
      correct += part.correct;
      weight += part.weight;
      rows += part.rows;
    }
    return new LossSum(lossSum, correct, weight, rows);
  }

  /** The weighted mean loss of a row; not a number if the weight is 0. */
  double loss() {
    return lossSum / weight;
  }

  /** The share of the weight that was classified right. */
  double accuracy() {
    return correct / weight;
  }
}
