package dev.convene.ml;

import dev.convene.train.Learner;
import dev.convene.train.Minibatches;
import dev.convene.train.Progress;
import dev.convene.train.TrainingListener;
import dev.convene.train.TrainingLoop;
import dev.convene.train.TrainingPlan;
import dev.convene.train.TrainingResult;
import dev.convene.train.Workers;

/**
 * The training of an Estimator's network on {@link DealtRows}, epoch by epoch. It remembers
 * nothing: an epoch is a function from {@link Progress} to Progress.
 *
 * @since 0.2.0
 */
public final class NetworkTraining {
  private final TrainingPlan plan;
  private final Learner learner;
  private final float[] initialParameters;
  private final DealtRows rows;
  private final Workers workers;
  private final TrainingListener listener;
  private final TrainingLoop loop;

  NetworkTraining(
      TrainingPlan plan,
      Learner learner,
      float[] initialParameters,
      DealtRows rows,
      Workers workers,
      TrainingListener listener) {
    this.plan = plan;
    this.learner = learner;
    this.initialParameters = initialParameters;
    this.rows = rows;
    this.workers = workers;
    this.listener = listener;
    this.loop = new TrainingLoop(plan, learner, workers, listener);
  }

  /** Before the first epoch. */
  public Progress start() {
    return Progress.initial(plan, learner, initialParameters);
  }

  /** Whether no epoch is left, or none is worth it. */
  public boolean isFinished(Progress progress) {
    return loop.isFinished(progress);
  }

  /**
   * The next epoch.
   *
   * @throws dev.convene.ConveneException (diverged) if the loss or a parameter is out of bounds,
   *     and the Estimator is to stop then
   */
  public Progress epoch(Progress before) {
    return loop.epoch(before);
  }

  /** The mean loss of the validation rows; not a number if there are none. */
  public double validationLoss(Progress progress) {
    return loop.validationLoss(progress);
  }

  /** Steps of an epoch: minibatches of the worker that makes most. */
  public int stepsPerEpoch() {
    return loop.stepsPerEpoch();
  }

  /** The same training with epochs that end after so many steps, if they are longer. */
  public NetworkTraining withEpochsOf(int steps) {
    Minibatches minibatches = plan.minibatches();
    if (minibatches.batchSize() == Minibatches.FULL_BATCH) {
      return this;
    }
    long ofAllSharers = (long) steps * minibatches.batchSize();
    int most = (int) Math.min(Integer.MAX_VALUE, ofAllSharers / minibatches.sharers());
    return new NetworkTraining(
        plan, learner, initialParameters, rows, new FirstRows(workers, most), listener);
  }

  TrainingResult run(Progress from) {
    return loop.run(from);
  }

  TrainedNetwork trained(TrainingResult result) {
    return new TrainedNetwork(
        learner.network(),
        result.parameters(),
        rows.workers(),
        result.history(),
        rows.rows().outputNames());
  }
}
