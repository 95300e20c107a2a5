package dev.convene.train;

import dev.convene.nn.Activation;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.Loss;
import dev.convene.optim.Optimizer;
import java.util.List;

/**
 * A training plan whose test says only what matters to it; else one epoch, a minibatch of all rows
 * in their own order, averaging once an epoch.
 */
final class Plan {
  private final DenseNetwork network;
  private final Optimizer optimizer;
  private int epochs = 1;
  private int batchSize = TrainingPlan.FULL_BATCH;
  private boolean shuffle;
  private boolean dropLast;
  private int averagingPeriod = TrainingPlan.ONCE_AN_EPOCH;
  private boolean stopOnDivergence = true;
  private int patience;
  private double minDelta;

  private Plan(DenseNetwork network, Optimizer optimizer) {
    this.network = network;
    this.optimizer = optimizer;
  }

  static Plan of(DenseNetwork network, Optimizer optimizer) {
    return new Plan(network, optimizer);
  }

  static DenseNetwork classifier(int inputs, List<Integer> hidden, int classes, double dropout) {
    return DenseNetwork.of(
        inputs, hidden, classes, Activation.TANH, dropout, Loss.SOFTMAX_CROSS_ENTROPY);
  }

  static DenseNetwork linearRegression(int inputs) {
    return DenseNetwork.of(inputs, List.of(), 1, Activation.RELU, 0, Loss.MEAN_SQUARED_ERROR);
  }

  Plan epochs(int number) {
    epochs = number;
    return this;
  }

  Plan batchSize(int rows) {
    batchSize = rows;
    return this;
  }

  Plan shuffle() {
    shuffle = true;
    return this;
  }

  Plan dropLast() {
    dropLast = true;
    return this;
  }

  Plan averagingPeriod(int minibatches) {
    averagingPeriod = minibatches;
    return this;
  }

  Plan continueOnDivergence() {
    stopOnDivergence = false;
    return this;
  }

  Plan patience(int number, double delta) {
    patience = number;
    minDelta = delta;
    return this;
  }

  TrainingPlan plan() {
    return new TrainingPlan(
        network,
        optimizer,
        epochs,
        batchSize,
        shuffle,
        dropLast,
        17,
        averagingPeriod,
        stopOnDivergence,
        1000,
        patience,
        minDelta);
  }
}
