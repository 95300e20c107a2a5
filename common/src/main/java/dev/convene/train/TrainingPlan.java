package dev.convene.train;

import java.io.Serializable;

/**
 * How a {@link Learner} is trained. The result is a function of both, the rows, the initial
 * parameters, the number of workers and the BLAS in use.
 *
 * @param epochs passes over the rows, at least 1
 * @param seed of row order and dropout
 */
public record TrainingPlan(
    int epochs,
    long seed,
    Minibatches minibatches,
    Averaging averaging,
    EarlyStopping earlyStopping,
    DivergenceRule divergence)
    implements Serializable {}
