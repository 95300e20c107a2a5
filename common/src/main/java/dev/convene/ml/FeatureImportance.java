package dev.convene.ml;

/**
 * How much worse a model is when a feature group's values are permuted.
 *
 * @param meanLossIncrease over repeats; exactly 0 if the model does not use the group, below 0 by
 *     chance or where the group misleads it
 * @param standardDeviation of the loss increase between repeats, with n - 1; 0 for one repeat
 * @param meanAccuracyDrop over repeats; NaN for a regression
 * @since 0.1.0
 */
public record FeatureImportance(
    String name, double meanLossIncrease, double standardDeviation, double meanAccuracyDrop) {}
