package dev.convene.report;

/**
 * How well a binary classifier's probabilities of class 1 rank rows. Rows of equal probability pass
 * a threshold together; between thresholds the curves are straight, as MLlib's are.
 *
 * @param roc under the true positive rate over the false positive rate: the probability that a row
 *     of class 1 ranks above one of class 0, ties counted half
 * @param precisionRecall under precision over recall, which starts at recall 0 with its first
 *     point's precision. This is not the average precision, which has steps
 */
public record AreasUnderCurves(double roc, double precisionRecall) {
  /** Of rows of one class only. */
  public static final AreasUnderCurves UNDEFINED = new AreasUnderCurves(Double.NaN, Double.NaN);
}
