package dev.convene.train;

import dev.convene.shard.RowOrder;
import dev.convene.shard.Shard;
import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How a worker's rows are cut into minibatches, anew each epoch.
 *
 * <p>Where all workers share minibatches, it is as if those of one worker with all rows were dealt
 * round robin, as the rows were: worker w of n has rows w, w + n, w + 2 n, and so on of each
 * epoch's list. Together their minibatches have the batch size, and there are as many as one worker
 * would make.
 *
 * @param batchSize rows in a minibatch, or {@link #FULL_BATCH}
 * @param sharers workers that share a minibatch; 1 if each has its own
 * @param shuffle take the rows in another order each epoch
 * @param dropLast leave out a worker's last minibatch of an epoch if it is not full
 */
public record Minibatches(int batchSize, int sharers, boolean shuffle, boolean dropLast)
    implements Serializable {

  /** A minibatch is all rows of its worker. */
  public static final int FULL_BATCH = 0;

  /**
   * How many the longest list of an epoch has.
   *
   * @param rows of each worker
   */
  public int perEpoch(List<Integer> rows) {
    IntStream lists =
        IntStream.range(0, rows.size()).map(worker -> perEpoch(rows.get(worker), worker));
    // A shared minibatch is full if everybody's part of it is.
    return (dropLast && sharers > 1 ? lists.min() : lists.max()).orElseThrow();
  }

  /**
   * How many a worker with so many rows has in its list for an epoch; of shared ones that are not
   * full, maybe one more than an epoch has.
   */
  public int perEpoch(int rows, int worker) {
    if (batchSize == FULL_BATCH) {
      return Math.min(rows, 1);
    }
    // The largest number that ends before or at the last row, or the smallest that ends at or
    // after it.
    long place = (long) rows * sharers + place(worker);
    return (int) (dropLast ? place / batchSize : (place - sharers + batchSize) / batchSize);
  }

  /** The place in its epoch's order of the first row of a worker's minibatch. */
  public int firstRow(int minibatch, int worker) {
    return (int) start(minibatch, worker);
  }

  /** Rows of a minibatch of a worker with so many rows. */
  public int size(int rows, int minibatch, int worker) {
    return batchSize == FULL_BATCH
        ? rows
        : (int) (Math.min(rows, start(minibatch + 1L, worker)) - start(minibatch, worker));
  }

  /** The most rows of a minibatch of a worker with so many rows. */
  public int largest(int rows) {
    return batchSize == FULL_BATCH ? rows : Math.min(rows, (batchSize - 1) / sharers + 1);
  }

  /** How many of the rows of all minibatches before are the worker's. */
  private long start(long minibatch, int worker) {
    return (minibatch * batchSize + sharers - 1 - place(worker)) / sharers;
  }

  /** Among those that share a minibatch, from 0. */
  private int place(int worker) {
    return sharers == 1 ? 0 : worker;
  }

  /** The order in which a worker takes its rows in an epoch. */
  public RowOrder order(Shard shard, long seed, int epoch, int worker) {
    return shuffle ? RowOrder.shuffled(shard, seed, epoch, worker) : RowOrder.unshuffled(shard);
  }
}
