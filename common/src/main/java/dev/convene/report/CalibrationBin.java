package dev.convene.report;

/**
 * The rows whose predicted class has a probability within a tenth of [0, 1]. If the model is
 * calibrated, the share of right predictions among them is near their mean probability.
 *
 * @param meanProbability of the predicted classes; NaN without rows
 * @param shareRight of the predictions; NaN without rows
 */
public record CalibrationBin(long rows, double meanProbability, double shareRight) {}
