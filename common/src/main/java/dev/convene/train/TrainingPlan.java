package dev.convene.train;

import dev.convene.nn.Network;
import dev.convene.optim.Optimizer;
import java.io.Serializable;

/**
 * How a network is trained. The result is a function of this, the rows, the initial parameters, the
 * number of workers and the BLAS in use.
 *
 * @param epochs passes over the rows, at least 1
 * @param batchSize rows in a worker's minibatch, or {@link #FULL_BATCH}
 * @param shuffle take the rows in another order each epoch
 * @param dropLast leave out a worker's last minibatch of an epoch if it is not full
 * @param seed of row order and dropout
 * @param averagingPeriod minibatches per worker between averages, or {@link #ONCE_AN_EPOCH}
 * @param stopOnDivergence else a divergence is reported and training goes on
 * @param divergenceFactor a training loss above this times the first epoch's is a divergence
 * @param patience epochs without a better validation loss after which training stops and the best
 *     epoch's parameters are kept; 0: never
 * @param minDelta by how much a better validation loss is lower, at least 0
 */
public record TrainingPlan(
    Network network,
    Optimizer optimizer,
    int epochs,
    int batchSize,
    boolean shuffle,
    boolean dropLast,
    long seed,
    int averagingPeriod,
    boolean stopOnDivergence,
    double divergenceFactor,
    int patience,
    double minDelta)
    implements Serializable {

  /** A minibatch is all rows of its worker. */
  public static final int FULL_BATCH = 0;

  /** Parameters are averaged at the end of each epoch. */
  public static final int ONCE_AN_EPOCH = 0;

  /** Minibatches that a worker with so many rows makes in an epoch. */
  public int minibatches(int rows) {
    if (batchSize == FULL_BATCH) {
      return Math.min(rows, 1);
    }
    return dropLast ? rows / batchSize : (int) (((long) rows + batchSize - 1) / batchSize);
  }

  /** Rows of a worker's minibatch that starts at a place of its epoch. */
  public int minibatchRows(int rows, int from) {
    return batchSize == FULL_BATCH ? rows : Math.min(batchSize, rows - from);
  }
}
