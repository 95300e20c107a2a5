package dev.convene.train;

import dev.convene.nn.Backpropagation;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.Network;
import dev.convene.nn.RandomStream;
import dev.convene.nn.RandomStream.Purpose;
import dev.convene.nn.RowBuffer;
import dev.convene.optim.Step;
import dev.convene.shard.RowOrder;
import dev.convene.shard.Shard;
import dev.ludovic.netlib.blas.BLAS;
import java.util.Arrays;

/**
 * One worker's part of a round: minibatch steps on its own shard. A pure function of state, shard,
 * worker and round: it may run twice, anywhere, in any order. No Spark.
 */
public final class Worker {
  /** Rows that go through the network at a time; what is larger (a full batch) goes in parts. */
  private static final int MAX_ROWS = 1024;

  /** Of a layer's numbers for these rows: very wide ones go through in smaller parts. */
  private static final int MAX_BYTES = 64 << 20;

  private final DenseTraining training;
  private final TrainingPlan plan;
  private final BLAS blas;

  /** How many rows a worker takes through a network at a time. */
  static int rowsAtATime(Network network) {
    return network.rowsAtATime(MAX_ROWS, MAX_BYTES);
  }

  public Worker(DenseTraining training, TrainingPlan plan, BLAS blas) {
    this.training = training;
    this.plan = plan;
    this.blas = blas;
  }

  /**
   * Trains on the round's minibatches of this worker's list. Its weight is 0 if none is left. A
   * minibatch of weight 0 makes no step.
   *
   * @param start is not changed
   * @param worker the number of the shard, from 0
   */
  public Contribution train(Round round, TrainingState start, Shard shard, int worker) {
    Minibatches minibatches = plan.minibatches();
    int rows = shard.rows();
    int end = Math.min(round.endMinibatch(), minibatches.perEpoch(rows, worker));
    if (round.firstMinibatch() >= end) {
      return Contribution.NONE;
    }
    RowOrder order = minibatches.order(shard, plan.seed(), round.epoch(), worker);
    DenseNetwork network = training.network();
    HeapCheck.requireRoomFor(network, training.stateCount());
    TrainingState state = start.copy();
    int maxRows = Math.min(rowsAtATime(network), minibatches.largest(rows));
    boolean sparse = shard.isSparse() || training.leavesUntouchedOut();
    Backpropagation backpropagation =
        new Backpropagation(network, training.labelSmoothing(), maxRows, sparse, blas);
    RowBuffer batch = RowBuffer.of(maxRows, network, sparse);
    boolean isFirstRound = round.epoch() == 1 && round.number() == 1;
    LossSum initial = isFirstRound ? sample(start, order, rows, sparse) : LossSum.NONE;
    float[] losses = new float[end - round.firstMinibatch()];
    int used = 0;
    double weight = 0;
    long rowsUsed = 0;
    for (int minibatch = round.firstMinibatch(); minibatch < end; minibatch++) {
      int from = minibatches.firstRow(minibatch, worker);
      int minibatchRows = minibatches.size(rows, minibatch, worker);
      rowsUsed += minibatchRows;
      double minibatchWeight = order.weight(from, minibatchRows);
      if (minibatchWeight == 0) {
        continue;
      }
      weight += minibatchWeight;
      double lossesBefore = backpropagation.lossSum();
      Step step = round.step(minibatch);
      double rate = round.rateShare() * training.schedule().rate(step);
      ParameterUpdate update = new ParameterUpdate(training, state, step, rate);
      RandomStream dropout =
          RandomStream.of(plan.seed(), Purpose.DROPOUT, round.epoch(), worker, minibatch);
      for (int part = 0; part < minibatchRows; part += maxRows) {
        int partRows = Math.min(maxRows, minibatchRows - part);
        order.copy(from + part, partRows, batch);
        backpropagation.propagate(
            state.parameters(),
            batch,
            partRows,
            part,
            minibatchRows,
            minibatchWeight,
            dropout,
            update);
      }
      losses[used++] = (float) ((backpropagation.lossSum() - lossesBefore) / minibatchWeight);
    }
    LossSum sums =
        new LossSum(backpropagation.lossSum(), backpropagation.correct(), weight, rowsUsed);
    return Contribution.of(state, sums, initial, Arrays.copyOf(losses, used));
  }

  /** The loss of the first rows, as many as go through at a time. */
  private LossSum sample(TrainingState start, RowOrder order, int rows, boolean sparse) {
    DenseNetwork network = training.network();
    int n = Math.min(rowsAtATime(network), rows);
    RowBuffer batch = RowBuffer.of(n, network, sparse);
    order.copy(0, n, batch);
    float[] outputs = network.forwardPass(n, blas).outputs(start.parameters(), batch, n);
    double lossSum = network.loss().weightedSum(outputs, batch, n, network.outputs());
    return new LossSum(lossSum, 0, order.weight(0, n), n);
  }
}
