package dev.convene.train;

import dev.convene.ConveneException;
import java.util.ArrayList;
import java.util.List;

/**
 * Epochs of rounds: workers train, their states are averaged, until the last epoch or an early
 * stop. Local SGD with periodic averaging, as in McMahan et al., "Communication-efficient learning
 * of deep networks from decentralized data", 2017. It remembers nothing itself: an epoch is a
 * function from {@link Progress} to Progress. No Spark.
 */
public final class TrainingLoop {
  private final TrainingPlan plan;
  private final Learner learner;
  private final Workers workers;
  private final TrainingListener listener;
  private final int stepsPerEpoch;
  private final int minibatchesPerRound;
  private final DivergenceGuard guard;

  /**
   * @throws ConveneException (data) if there is no minibatch to train on
   */
  public TrainingLoop(
      TrainingPlan plan, Learner learner, Workers workers, TrainingListener listener) {
    this.plan = plan;
    this.learner = learner;
    this.workers = workers;
    this.listener = listener;
    this.stepsPerEpoch =
        workers.rows().stream().mapToInt(plan.minibatches()::perEpoch).max().orElseThrow();
    if (stepsPerEpoch == 0) {
      long rows = workers.rows().stream().mapToLong(Integer::longValue).sum();
      if (rows == 0) {
        throw ConveneException.data("there are no training rows");
      }
      throw ConveneException.data(
          "%s training rows on %s workers give no minibatch of %s rows: make minibatches smaller, or"
              + " keep incomplete ones (drop-last = false)",
          rows, workers.rows().size(), plan.minibatches().batchSize());
    }
    this.minibatchesPerRound =
        plan.averaging().minibatchesPerRound(stepsPerEpoch, workers.rows().size());
    this.guard = new DivergenceGuard(plan.divergence(), learner, listener);
  }

  /** Trains from the start; see {@link #run(Progress)}. */
  public TrainingResult run(float[] initialParameters) {
    return run(Progress.initial(plan, learner, initialParameters));
  }

  /**
   * Trains on from there to the end.
   *
   * @throws ConveneException (diverged) if the plan says to stop then, or if it says to keep the
   *     best epoch and none has a finite validation loss; (data) if it says to stop early and there
   *     are no validation rows, or if all weights are 0
   */
  public TrainingResult run(Progress start) {
    Progress progress = start;
    while (!isFinished(progress)) {
      progress = epoch(progress);
    }
    return new TrainingResult(kept(progress).parameters(), progress.history());
  }

  private TrainingState kept(Progress end) {
    if (!plan.earlyStopping().isOn()) {
      return end.averaged().state();
    }
    if (!end.best().isOfAnEpoch()) {
      throw guard.noEpochToKeep(end);
    }
    return end.best().state();
  }

  /** Whether no epoch is left, or none is worth it. */
  public boolean isFinished(Progress progress) {
    return progress.epoch() >= plan.epochs()
        || plan.earlyStopping().stopsAfter(progress.epoch(), progress.best());
  }

  /**
   * The next epoch.
   *
   * @throws ConveneException as {@link #run(Progress)} does
   */
  public Progress epoch(Progress before) {
    int epoch = before.epoch() + 1;
    int rounds = (stepsPerEpoch + minibatchesPerRound - 1) / minibatchesPerRound;
    long start = System.nanoTime();
    Averaged averaged = before.averaged();
    DivergenceRule.Memory divergence = before.divergence();
    List<LossSum> sums = new ArrayList<>();
    for (int number = 1; number <= rounds; number++) {
      Round round = round(epoch, number);
      List<Contribution> contributions = workers.train(round, averaged.state());
      divergence = guard.check(round, contributions, divergence);
      averaged = plan.averaging().after(averaged, contributions);
      contributions.forEach(contribution -> sums.add(contribution.sums()));
      listener.roundEnded(round, rounds);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    EpochRecord record =
        record(epoch, rounds, total(sums), validation(epoch, averaged.state()), seconds);
    listener.epochEnded(record);
    return after(before, record, averaged, divergence);
  }

  /** Steps of an epoch: minibatches of the worker that makes most. */
  public int stepsPerEpoch() {
    return stepsPerEpoch;
  }

  /** The mean loss of the validation rows there; not a number if there are none. */
  public double validationLoss(Progress progress) {
    return validation(progress.epoch(), progress.averaged().state()).loss();
  }

  private Round round(int epoch, int number) {
    int first = (number - 1) * minibatchesPerRound;
    int end = Math.min(stepsPerEpoch, first + minibatchesPerRound);
    return new Round(epoch, number, first, end, (epoch - 1L) * stepsPerEpoch);
  }

  private static LossSum total(List<LossSum> sums) {
    LossSum training = LossSum.total(sums);
    if (training.weight() == 0) {
      throw ConveneException.data(
          "the weights of all %s training rows are 0: nothing can be learnt", training.rows());
    }
    return training;
  }

  private LossSum validation(int epoch, TrainingState state) {
    return LossSum.total(workers.validate(epoch, state.parameters()));
  }

  private EpochRecord record(
      int epoch, int rounds, LossSum training, LossSum validation, double seconds) {
    boolean classifies = learner.network().loss().classifies();
    boolean validated = validation.weight() > 0;
    return new EpochRecord(
        epoch,
        rounds,
        training.rows(),
        training.loss(),
        classifies ? training.accuracy() : null,
        validated ? validation.loss() : null,
        classifies && validated ? validation.accuracy() : null,
        learner.rate(epoch, (long) epoch * stepsPerEpoch),
        seconds);
  }

  private Progress after(
      Progress before, EpochRecord record, Averaged averaged, DivergenceRule.Memory divergence) {
    List<EpochRecord> history = new ArrayList<>(before.history());
    history.add(record);
    return new Progress(
        record.epoch(),
        averaged,
        history,
        plan.earlyStopping().after(before.best(), record, averaged.state()),
        divergence.after(record));
  }
}
