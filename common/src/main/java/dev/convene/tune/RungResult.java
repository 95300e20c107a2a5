package dev.convene.tune;

/**
 * What the training of a candidate came to at the end of a rung. Losses are NaN where training
 * broke off, the accuracy also for a regression.
 *
 * @param rung from 1
 * @param candidate from 1
 * @param epochs that it has been trained in all
 * @param validationLoss by which candidates are compared: the last epoch's; with early stopping the
 *     best one's
 * @param seconds of training in this run of the search
 */
public record RungResult(
    int rung,
    int candidate,
    int epochs,
    double trainLoss,
    double validationLoss,
    double validationAccuracy,
    double seconds) {

  /** Whether it is out, whatever the others are like. */
  public boolean hasDiverged() {
    return !Double.isFinite(validationLoss);
  }
}
