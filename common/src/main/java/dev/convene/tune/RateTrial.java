package dev.convene.tune;

/**
 * A short training at a learning rate. What there is not is NaN: a training that diverged may have
 * broken off, and a regression has no accuracy.
 *
 * @param trainLoss mean of its last epoch
 * @param validationLoss after it
 * @param validationAccuracy after it
 */
public record RateTrial(
    double rate,
    double trainLoss,
    double validationLoss,
    double validationAccuracy,
    Verdict verdict) {}
