package dev.convene.train;

import java.io.Serializable;
import java.util.List;

/**
 * The loss of some rows and how many were classified right.
 *
 * @param weight rows
 */
public record LossSum(double lossSum, long correct, double weight) implements Serializable {

  /** Of no rows. */
  static final LossSum NONE = new LossSum(0, 0, 0);

  /** All together, added in their order. */
  static LossSum total(List<LossSum> parts) {
    double lossSum = 0;
    long correct = 0;
    double weight = 0;
    for (LossSum part : parts) {
      lossSum += part.lossSum;
      correct += part.correct;
      weight += part.weight;
    }
    return new LossSum(lossSum, correct, weight);
  }

  /** The mean loss of a row. */
  double loss() {
    return lossSum / weight;
  }

  /** The share of rows classified right. */
  double accuracy() {
    return correct / weight;
  }
}
