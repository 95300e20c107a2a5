package dev.convene.train;

import dev.convene.nn.Backpropagation;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.ForwardPass;
import dev.convene.nn.Loss;
import dev.convene.nn.Network;
import dev.convene.nn.Predictions;
import dev.convene.nn.RandomStream;
import dev.convene.nn.RandomStream.Purpose;
import dev.convene.nn.RowBuffer;
import dev.convene.optim.Optimizer;
import dev.convene.shard.RowOrder;
import dev.convene.shard.Shard;
import dev.ludovic.netlib.blas.BLAS;

/**
 * One worker's part of a round: minibatch steps on its own shard. Pure functions of state, shard,
 * worker and round: they may run twice, anywhere, in any order. No Spark.
 */
public final class Worker {
  /** Rows that go through the network at a time; what is larger (a full batch) goes in parts. */
  private static final int MAX_ROWS = 1024;

  private final TrainingPlan plan;
  private final BLAS blas;

  public Worker(TrainingPlan plan, BLAS blas) {
    this.plan = plan;
    this.blas = blas;
  }

  /**
   * Trains on the round's minibatches of this worker's list. Its weight is 0 if none is left. A
   * minibatch of weight 0 makes no step. The plan's network must be a {@link DenseNetwork}.
   *
   * @param start is not changed
   * @param worker the number of the shard, from 0
   */
  public Contribution train(Round round, TrainingState start, Shard shard, int worker) {
    int rows = shard.rows();
    int end = Math.min(round.endMinibatch(), plan.minibatches(rows));
    if (round.firstMinibatch() >= end) {
      return new Contribution(null, LossSum.NONE);
    }
    RowOrder order =
        plan.shuffle()
            ? RowOrder.shuffled(shard, plan.seed(), round.epoch(), worker)
            : RowOrder.unshuffled(shard);
    DenseNetwork network = (DenseNetwork) plan.network();
    Optimizer optimizer = plan.optimizer();
    TrainingState state = start.copy();
    int maxRows = Math.min(MAX_ROWS, plan.minibatchRows(rows, 0));
    Backpropagation backpropagation = new Backpropagation(network, maxRows, blas);
    RowBuffer batch = RowBuffer.of(maxRows, network);
    double weight = 0;
    long rowsUsed = 0;
    for (int minibatch = round.firstMinibatch(); minibatch < end; minibatch++) {
      int from = minibatch * plan.batchSize();
      int minibatchRows = plan.minibatchRows(rows, from);
      rowsUsed += minibatchRows;
      double minibatchWeight = order.weight(from, minibatchRows);
      if (minibatchWeight == 0) {
        continue;
      }
      weight += minibatchWeight;
      long step = round.stepsBefore() + minibatch + 1;
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
            (gradient, offset, length) ->
                optimizer.step(
                    step,
                    optimizer.learningRate(),
                    state.parameters(),
                    gradient,
                    state.optimizerStates(),
                    offset,
                    offset + length));
      }
    }
    LossSum sums =
        new LossSum(backpropagation.lossSum(), backpropagation.correct(), weight, rowsUsed);
    return new Contribution(state, sums);
  }

  /** The losses of the shard's rows, without dropout. */
  public LossSum evaluate(float[] parameters, Shard shard) {
    Network network = plan.network();
    int rows = shard.rows();
    int maxRows = Math.min(MAX_ROWS, rows);
    ForwardPass forward = network.forwardPass(maxRows, blas);
    RowBuffer batch = RowBuffer.of(maxRows, network);
    RowOrder order = RowOrder.unshuffled(shard);
    double lossSum = 0;
    double correct = 0;
    for (int from = 0; from < rows; from += maxRows) {
      int n = Math.min(maxRows, rows - from);
      order.copy(from, n, batch);
      float[] outputs = forward.outputs(parameters, batch.x(), n);
      lossSum += network.loss().weightedSum(outputs, batch, n, network.outputs());
      if (network.loss() == Loss.SOFTMAX_CROSS_ENTROPY) {
        correct += Predictions.correct(outputs, batch, n, network.outputs());
      }
    }
    return new LossSum(lossSum, correct, order.weight(0, rows), rows);
  }
}
