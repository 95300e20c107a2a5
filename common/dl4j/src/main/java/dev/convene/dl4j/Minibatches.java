package dev.convene.dl4j;

import dev.convene.nn.RowBuffer;
import dev.convene.shard.RowOrder;
import dev.convene.shard.Shard;
import dev.convene.train.Round;
import dev.convene.train.TrainingPlan;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.nd4j.linalg.dataset.DataSet;

/**
 * A worker's minibatches of a round, made when they are asked for: the same rows in the same order
 * as the native worker's. A minibatch lives until the next.
 */
final class Minibatches implements Iterator<DataSet> {
  private final TrainingPlan plan;
  private final RowOrder order;
  private final int rows;
  private final int end;
  private int minibatch;
  private RowBuffer buffer;
  private Minibatch last;

  Minibatches(TrainingPlan plan, Round round, Shard shard, int worker) {
    this.plan = plan;
    this.rows = shard.rows();
    this.minibatch = round.firstMinibatch();
    this.end = Math.min(round.endMinibatch(), plan.minibatches(rows));
    this.order =
        plan.shuffle()
            ? RowOrder.shuffled(shard, plan.seed(), round.epoch(), worker)
            : RowOrder.unshuffled(shard);
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
    int from = minibatch * plan.batchSize();
    int n = plan.minibatchRows(rows, from);
    if (buffer == null) {
      buffer = RowBuffer.of(plan.minibatchRows(rows, 0), plan.network());
    }
    order.copy(from, n, buffer);
    last = Minibatch.of(plan.network(), buffer, n, minibatch++);
    return last;
  }
}
