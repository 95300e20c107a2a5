package dev.convene.train;

import dev.convene.shard.RowOrder;
import dev.convene.shard.Shard;
import java.io.Serializable;

/**
 * How a worker's rows are cut into minibatches, anew each epoch.
 *
 * @param batchSize rows in a worker's minibatch, or {@link #FULL_BATCH}
 * @param shuffle take the rows in another order each epoch
 * @param dropLast leave out a worker's last minibatch of an epoch if it is not full
 */
public record Minibatches(int batchSize, boolean shuffle, boolean dropLast)
    implements Serializable {

  /** A minibatch is all rows of its worker. */
  public static final int FULL_BATCH = 0;

  /** How many a worker with so many rows makes in an epoch. */
  public int perEpoch(int rows) {
    if (batchSize == FULL_BATCH) {
      return Math.min(rows, 1);
    }
    return dropLast ? rows / batchSize : (int) (((long) rows + batchSize - 1) / batchSize);
  }

  /** The place in its epoch's order of a minibatch's first row. */
  public int firstRow(int minibatch) {
    return minibatch * batchSize;
  }

  /** Rows of the minibatch that starts at a place of its epoch, of a worker with so many rows. */
  public int size(int rows, int firstRow) {
    return batchSize == FULL_BATCH ? rows : Math.min(batchSize, rows - firstRow);
  }

  /** The order in which a worker takes its rows in an epoch. */
  public RowOrder order(Shard shard, long seed, int epoch, int worker) {
    return shuffle ? RowOrder.shuffled(shard, seed, epoch, worker) : RowOrder.unshuffled(shard);
  }
}
