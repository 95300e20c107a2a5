package dev.convene.train;

import dev.convene.optim.Step;
import java.io.Serializable;

/**
 * The part of an epoch between two averages.
 *
 * @param epoch from 1
 * @param number from 1 in its epoch
 * @param firstMinibatch of each worker's list in the epoch, from 0
 * @param endMinibatch the first that is not of this round any more
 * @param stepsPerEpoch the optimizer's steps in an epoch: minibatches of the longest list
 * @param epochs of the training
 * @param rateShare what a {@link dev.convene.optim.Plateau} has left of the learning rate
 */
public record Round(
    int epoch,
    int number,
    int firstMinibatch,
    int endMinibatch,
    long stepsPerEpoch,
    int epochs,
    double rateShare)
    implements Serializable {

  /** The optimizer's step on a minibatch of a worker's list. */
  public Step step(int minibatch) {
    return new Step(stepsBefore() + minibatch + 1, epoch, stepsPerEpoch, epochs);
  }

  /** The last that a worker makes in this round. */
  Step lastStep() {
    return step(endMinibatch - 1);
  }

  /** Steps of the epochs before this one. */
  public long stepsBefore() {
    return (epoch - 1) * stepsPerEpoch;
  }
}
