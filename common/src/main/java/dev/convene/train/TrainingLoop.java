package dev.convene.train;

import dev.convene.ConveneException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

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
    this.stepsPerEpoch = plan.minibatches().perEpoch(workers.rows());
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
    long began = System.nanoTime();
    Progress progress = start;
    boolean isTimeUp = false;
    while (!isFinished(progress) && !isTimeUp) {
      progress = epoch(progress);
      isTimeUp = (System.nanoTime() - began) / 1e9 >= plan.maxSeconds();
    }
    float[] kept = kept(progress);
    TrainingEnd end = end(progress);
    listener.trainingEnded(end);
    return new TrainingResult(kept, progress.history(), end);
  }

  private TrainingEnd end(Progress last) {
    EarlyStopping stopping = plan.earlyStopping();
    TrainingEnd.Cause cause = TrainingEnd.Cause.TIME_LIMIT;
    if (stopping.stopsAfter(last.epoch(), last.best())) {
      cause = TrainingEnd.Cause.EARLY_STOPPING;
    } else if (last.epoch() >= plan.epochs()) {
      cause = TrainingEnd.Cause.LAST_EPOCH;
    }
    return stopping.isOn()
        ? new TrainingEnd(last.best().epoch(), cause, stopping.metric(), last.best().value())
        : new TrainingEnd(last.epoch(), cause, stopping.metric(), null);
  }

  private float[] kept(Progress end) {
    if (!plan.earlyStopping().isOn()) {
      return learner.result(end.averaged().state());
    }
    if (!end.best().isOfAnEpoch()) {
      throw guard.noEpochToKeep(end, plan.earlyStopping().metric());
    }
    return end.best().state().parameters();
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
      Round round = round(epoch, number, plan.plateau().share(before.plateau()));
      List<Contribution> contributions = workers.train(round, averaged.state());
      divergence = guard.check(round, contributions, divergence);
      averaged = plan.averaging().after(averaged, contributions);
      contributions.forEach(contribution -> sums.add(contribution.sums()));
      listener.roundEnded(round, rounds);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    Round last = round(epoch, rounds, plan.plateau().share(before.plateau()));
    float[] result = learner.result(averaged.state());
    ValidationSum validation =
        ValidationSum.total(workers.validate(epoch, result, plan.earlyStopping().metric()));
    EpochRecord record = record(last, total(sums), validation.losses(), seconds);
    listener.epochEnded(record);
    Progress after =
        new Progress(
            epoch,
            averaged,
            Stream.concat(before.history().stream(), Stream.of(record)).toList(),
            plan.plateau().after(before.plateau(), plateauLoss(record)),
            plan.earlyStopping().after(before.best(), epoch, metric(validation), result),
            divergence.after(record));
    guard.checkMove(after.history());
    return after;
  }

  private Round round(int epoch, int number, double rateShare) {
    int first = (number - 1) * minibatchesPerRound;
    int end = Math.min(stepsPerEpoch, first + minibatchesPerRound);
    return new Round(epoch, number, first, end, stepsPerEpoch, plan.epochs(), rateShare);
  }

  private static LossSum total(List<LossSum> sums) {
    LossSum training = LossSum.total(sums);
    if (training.weight() == 0) {
      throw ConveneException.data(
          "the weights of all %s training rows are 0: nothing can be learnt", training.rows());
    }
    return training;
  }

  /** Null without validation rows. */
  private Double metric(ValidationSum validation) {
    return validation.losses().weight() > 0
        ? (Double)
            plan.earlyStopping()
                .metric()
                .value(validation.losses(), validation.counts(), learner.network().outputs())
        : null;
  }

  private double plateauLoss(EpochRecord record) {
    if (!plan.plateau().ofValidation()) {
      return record.trainLoss();
    }
    if (record.validationLoss() == null) {
      throw ConveneException.data(
          "the learning rate depends on the validation loss, but there are no validation rows");
    }
    return record.validationLoss();
  }

  private EpochRecord record(Round last, LossSum training, LossSum validation, double seconds) {
    boolean classifies = learner.network().loss().classifies();
    boolean validated = validation.weight() > 0;
    return new EpochRecord(
        last.epoch(),
        last.number(),
        training.rows(),
        training.loss(),
        classifies ? training.accuracy() : null,
        validated ? validation.loss() : null,
        classifies && validated ? validation.accuracy() : null,
        last.rateShare() * learner.rate(last.lastStep()),
        seconds);
  }
}
