package dev.convene.dl4j;

import dev.convene.ConveneException;
import dev.convene.nn.Network;
import dev.convene.nn.RowBuffer;
import dev.convene.shard.RowOrder;
import dev.convene.shard.Shard;
import dev.convene.train.Minibatches;
import dev.convene.train.Round;
import dev.convene.train.TrainingPlan;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.nd4j.linalg.dataset.DataSet;

/**
 * A worker's minibatches of a round, made when they are asked for: the same rows in the same order
 * as the native worker's. A minibatch lives until the next.
 */
final class MinibatchIterator implements Iterator<DataSet> {
  private final Minibatches minibatches;
  private final Network network;
  private final RowOrder order;
  private final int rows;
  private final int worker;
  private final int end;
  private int minibatch;
  private RowBuffer buffer;
  private Minibatch last;

  MinibatchIterator(TrainingPlan plan, Network network, Round round, Shard shard, int worker) {
    this.minibatches = plan.minibatches();
    this.network = network;
    this.rows = shard.rows();
    this.worker = worker;
    this.minibatch = round.firstMinibatch();
    this.end = Math.min(round.endMinibatch(), minibatches.perEpoch(rows, worker));
    this.order = minibatches.order(shard, plan.seed(), round.epoch(), worker);
  }

  /** DL4J takes a minibatch as one array. */
  private int requireRoomFor(int minibatchRows) {
    int mostRows = Integer.MAX_VALUE / Float.BYTES / network.widestLayer();
    if (minibatchRows > mostRows) {
      throw ConveneException.usage(
          "DL4J cannot train on minibatches of %s rows of %s numbers: make them smaller"
              + " (train.batch-size, or more workers), or train natively",
          minibatchRows, network.widestLayer());
    }
    return minibatchRows;
  }

  @Override
  public boolean hasNext() {
    return minibatch < end;
  }

  @Override
  public DataSet next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    if (last != null) {
      // Off the heap, where the garbage collector does not see how much there is.
      last.close();
    }
    int from = minibatches.firstRow(minibatch, worker);
    int n = minibatches.size(rows, minibatch, worker);
    if (buffer == null) {
      buffer = RowBuffer.of(requireRoomFor(minibatches.largest(rows)), network);
    }
    order.copy(from, n, buffer);
    last = Minibatch.of(network, buffer, n, minibatch++);
    return last;
  }
}
