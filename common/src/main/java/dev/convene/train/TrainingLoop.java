package dev.convene.train;

import dev.convene.ConveneException;
import dev.convene.nn.Loss;
import java.util.ArrayList;
import java.util.List;

/**
 * Epochs of rounds: workers train, their states are averaged, until the last epoch or an early
 * stop. Local SGD with periodic averaging, as in McMahan et al., "Communication-efficient learning
 * of deep networks from decentralized data", 2017. No Spark.
 */
public final class TrainingLoop {
  private final TrainingPlan plan;
  private final Workers workers;
  private final TrainingListener listener;
  private final int stepsPerEpoch;
  private final int minibatchesPerRound;
  private final DivergenceGuard guard;

  /**
   * @throws ConveneException (data) if there is no minibatch to train on
   */
  public TrainingLoop(TrainingPlan plan, Workers workers, TrainingListener listener) {
    this.plan = plan;
    this.workers = workers;
    this.listener = listener;
    this.stepsPerEpoch = workers.rows().stream().mapToInt(plan::minibatches).max().orElseThrow();
    if (stepsPerEpoch == 0) {
      long rows = workers.rows().stream().mapToLong(Integer::longValue).sum();
      if (rows == 0) {
        throw ConveneException.data("there are no training rows; see data.train");
      }
      throw ConveneException.data(
          "%s training rows on %s workers give no minibatch of %s rows; use a smaller "
              + "train.batch-size or train.drop-last = false",
          rows, workers.rows().size(), plan.batchSize());
    }
    boolean wholeEpoch =
        workers.rows().size() == 1 || plan.averagingPeriod() == TrainingPlan.ONCE_AN_EPOCH;
    this.minibatchesPerRound =
        wholeEpoch ? stepsPerEpoch : Math.min(stepsPerEpoch, plan.averagingPeriod());
    this.guard = new DivergenceGuard(plan, listener);
  }

  /**
   * Trains.
   *
   * @throws ConveneException (diverged) if the plan says to stop then; (data) if it says to stop
   *     early and there are no validation rows, or if all weights are 0
   */
  public TrainingResult run(float[] initialParameters) {
    TrainingState state = TrainingState.initial(initialParameters, plan.optimizer());
    List<EpochRecord> history = new ArrayList<>();
    float[] best = initialParameters;
    double bestLoss = Double.POSITIVE_INFINITY;
    int bestEpoch = 0;
    for (int epoch = 1; epoch <= plan.epochs(); epoch++) {
      long start = System.nanoTime();
      List<LossSum> sums = new ArrayList<>();
      int rounds = (stepsPerEpoch + minibatchesPerRound - 1) / minibatchesPerRound;
      for (int number = 1; number <= rounds; number++) {
        Round round = round(epoch, number);
        List<Contribution> contributions = workers.train(round, state);
        guard.check(round, contributions);
        state = Averaging.average(state, contributions);
        contributions.forEach(contribution -> sums.add(contribution.sums()));
        listener.roundEnded(round, rounds);
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      LossSum training = LossSum.total(sums);
      if (training.weight() == 0) {
        throw ConveneException.data(
            "the weights of all %s training rows are 0: nothing can be learnt; see data.weight",
            training.rows());
      }
      LossSum validation = LossSum.total(workers.validate(epoch, state.parameters()));
      EpochRecord record = record(epoch, rounds, training, validation, seconds);
      history.add(record);
      listener.epochEnded(record);
      guard.epochEnded(record);
      if (plan.patience() > 0) {
        if (record.validationLoss() == null) {
          throw ConveneException.data(
              "train.early-stopping.patience = %s needs validation rows, and there are none; see "
                  + "data.validation and data.validation-fraction",
              plan.patience());
        }
        if (record.validationLoss() < bestLoss - plan.minDelta()) {
          best = state.parameters();
          bestLoss = record.validationLoss();
          bestEpoch = epoch;
        } else if (epoch - bestEpoch >= plan.patience()) {
          break;
        }
      }
    }
    return new TrainingResult(plan.patience() > 0 ? best : state.parameters(), history);
  }

  private Round round(int epoch, int number) {
    int first = (number - 1) * minibatchesPerRound;
    int end = Math.min(stepsPerEpoch, first + minibatchesPerRound);
    return new Round(epoch, number, first, end, (epoch - 1L) * stepsPerEpoch);
  }

  private EpochRecord record(
      int epoch, int rounds, LossSum training, LossSum validation, double seconds) {
    boolean classifies = plan.network().loss() == Loss.SOFTMAX_CROSS_ENTROPY;
    boolean validated = validation.weight() > 0;
    return new EpochRecord(
        epoch,
        rounds,
        training.rows(),
        training.loss(),
        classifies ? training.accuracy() : null,
        validated ? validation.loss() : null,
        classifies && validated ? validation.accuracy() : null,
        plan.optimizer().learningRate(),
        seconds);
  }
}
