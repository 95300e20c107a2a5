package dev.convene.train;

import dev.convene.ConveneException;
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
  private final DivergenceGuard guard;
  private final EpochPass pass;

  /**
   * @throws ConveneException (data) if there is no minibatch to train on
   */
  public TrainingLoop(
      TrainingPlan plan, Learner learner, Workers workers, TrainingListener listener) {
    this.plan = plan;
    this.learner = learner;
    this.workers = workers;
    this.listener = listener;
    this.guard = new DivergenceGuard(plan.divergence(), learner, listener);
    this.pass = learner.epochPass(plan, workers, guard, listener);
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
    listener.trainingStarted();
    Progress progress = start;
    while (!isFinished(progress) && progress.seconds() < plan.maxSeconds()) {
      progress = epoch(progress);
    }
    float[] kept = kept(progress);
    TrainingEnd end = end(progress);
    listener.trainingEnded(end);
    return new TrainingResult(kept, progress, end);
  }

  private TrainingEnd end(Progress last) {
    EarlyStopping stopping = plan.earlyStopping();
    TrainingEnd.Cause cause = TrainingEnd.Cause.TIME_LIMIT;
    if (last.isConverged()) {
      cause = TrainingEnd.Cause.CONVERGED;
    } else if (stopping.stopsAfter(last.epoch(), last.best())) {
      cause = TrainingEnd.Cause.EARLY_STOPPING;
    } else if (last.epoch() >= plan.epochs()) {
      cause = TrainingEnd.Cause.LAST_EPOCH;
    }
    return stopping.isOn()
        ? new TrainingEnd(last.best().epoch(), cause, stopping.metric(), last.best().value())
        : new TrainingEnd(last.epoch(), cause, stopping.metric(), null);
  }

  private float[] result(Averaged averaged) {
    return learner.result(plan.averaging().averager().result(averaged));
  }

  private float[] kept(Progress end) {
    if (!plan.earlyStopping().isOn()) {
      return result(end.averaged());
    }
    if (!end.best().isOfAnEpoch()) {
      throw guard.noEpochToKeep(end, plan.earlyStopping().metric());
    }
    return end.best().state().parameters();
  }

  /** Whether no epoch is left, or none is worth it. */
  public boolean isFinished(Progress progress) {
    return progress.isConverged()
        || progress.epoch() >= plan.epochs()
        || plan.earlyStopping().stopsAfter(progress.epoch(), progress.best());
  }

  /**
   * The next epoch, or what is left of it.
   *
   * @throws ConveneException as {@link #run(Progress)} does
   */
  public Progress epoch(Progress before) {
    int epoch = before.epoch() + 1;
    long start = System.nanoTime();
    EpochPass.Passed passed = pass.after(before);
    double seconds = before.partial().seconds() + (System.nanoTime() - start) / 1e9;
    requireWeight(passed.training());
    float[] result = result(passed.averaged());
    ValidationSum validation =
        ValidationSum.total(workers.validate(epoch, result, plan.earlyStopping().metric()));
    EpochRecord record = record(passed.last(), passed.training(), validation.losses(), seconds);
    listener.epochEnded(record);
    double elapsed = before.partial().seconds() + (System.nanoTime() - start) / 1e9;
    Progress after =
        new Progress(
            epoch,
            PartialEpoch.NONE,
            before.seconds() + elapsed,
            passed.averaged(),
            passed.isConverged(),
            Stream.concat(before.history().stream(), Stream.of(record)).toList(),
            plan.plateau().after(before.plateau(), plateauLoss(record)),
            plan.earlyStopping().after(before.best(), epoch, metric(validation), result),
            passed.divergence().after(record));
    guard.checkMove(after.history());
    listener.progressed(after);
    return after;
  }

  /** Steps of an epoch: minibatches of the worker that makes most. */
  public int stepsPerEpoch() {
    return plan.minibatches().perEpoch(workers.rows());
  }

  /** The mean loss of the validation rows there; not a number if there are none. */
  public double validationLoss(Progress progress) {
    return ValidationSum.total(
            workers.validate(progress.epoch(), result(progress.averaged()), ValidationMetric.LOSS))
        .losses()
        .loss();
  }

  private static void requireWeight(LossSum training) {
    if (training.weight() == 0) {
      throw ConveneException.data(
          "the weights of all %s training rows are 0: nothing can be learnt", training.rows());
    }
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
