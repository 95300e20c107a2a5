package dev.convene.train;

import java.io.Serializable;

/**
 * The part of an epoch between two averages.
 *
 * @param epoch from 1
 * @param number from 1 in its epoch
 * @param firstMinibatch of each worker's list in the epoch, from 0
 * @param endMinibatch the first that is not of this round any more
 * @param stepsBefore steps of the optimizer before this epoch, by the longest list of each epoch
 */
public record Round(int epoch, int number, int firstMinibatch, int endMinibatch, long stepsBefore)
    implements Serializable {

  /** The optimizer's step, from 1, on a minibatch of a worker's list. */
  public long step(int minibatch) {
    return stepsBefore + minibatch + 1;
  }

  /** The last that a worker makes in this round. */
  long lastStep() {
    return stepsBefore + endMinibatch;
  }
}
