package dev.convene.train;

import dev.convene.optim.Plateau;
import java.io.Serializable;

/**
 * How a {@link Learner} is trained. The result is a function of both, the rows, the initial
 * parameters, the number of workers and the BLAS in use.
 *
 * @param epochs passes over the rows, at least 1
 * @param maxSeconds no epoch begins when so many have passed since the training began; infinite if
 *     time does not matter
 * @param seed of row order and dropout
 * @param plateau what is done to the learning rate when a loss stops falling
 */
public record TrainingPlan(
    int epochs,
    double maxSeconds,
    long seed,
    Minibatches minibatches,
    Averaging averaging,
    Plateau plateau,
    EarlyStopping earlyStopping,
    DivergenceRule divergence)
    implements Serializable {}
