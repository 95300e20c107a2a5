package dev.convene.train;

import java.io.Serializable;

/**
 * What an epoch came to: a line of the history.
 *
 * @param epoch from 1
 * @param rounds averages made
 * @param examples rows used
 * @param trainLoss mean over these rows, by their weights, of the loss before each step, dropout
 *     on, without weight decay
 * @param trainAccuracy of the same forward passes; null for regression
 * @param validationLoss null without validation rows
 * @param validationAccuracy null without validation rows and for regression
 * @param learningRate of the epoch's last step
 * @param seconds without validation
 */
public record EpochRecord(
    int epoch,
    int rounds,
    long examples,
    double trainLoss,
    Double trainAccuracy,
    Double validationLoss,
    Double validationAccuracy,
    double learningRate,
    double seconds)
    implements Serializable {}
