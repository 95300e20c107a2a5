package dev.convene.jobs;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.config.Keys;
import dev.convene.config.Settings;
import dev.convene.ml.NetworkTraining;
import dev.convene.report.TextTable;
import dev.convene.train.EpochRecord;
import dev.convene.train.Progress;
import dev.convene.train.TrainingListener;
import dev.convene.tune.RateTrial;
import dev.convene.tune.Verdict;

/**
 * Short trainings from the same initial parameters, each at another learning rate, which stays: a
 * schedule is made for longer ones.
 */
final class RateTrials {
  private final Settings settings;
  private final ConfiguredEstimator network;
  private final SharedRows rows;
  private final int steps;
  private final double lossBefore;

  RateTrials(Settings settings, ConfiguredEstimator network, SharedRows rows) {
    this.settings = settings;
    this.network = network;
    this.rows = rows;
    this.steps = settings.value(Keys.TUNE_STEPS);
    NetworkTraining training = training(settings.value(Keys.OPTIMIZER_LEARNING_RATE));
    this.lossBefore = training.validationLoss(training.start());
  }

  /** The validation loss of the initial parameters. */
  double lossBefore() {
    return lossBefore;
  }

  RateTrial at(double rate) {
    System.out.printf(
        "training %d minibatches at learning rate %s%n", steps, TextTable.plain(rate));
    NetworkTraining training = training(rate);
    int epochs = (steps + training.stepsPerEpoch() - 1) / training.stepsPerEpoch();
    Progress progress = training.start();
    try {
      while (progress.epoch() < epochs) {
        progress = training.epoch(progress);
      }
    } catch (ConveneException e) {
      if (e.status() != ExitStatus.DIVERGED) {
        throw e;
      }
      return new RateTrial(rate, Double.NaN, Double.NaN, Double.NaN, Verdict.DIVERGES);
    }
    EpochRecord last = progress.history().get(epochs - 1);
    return new RateTrial(
        rate,
        last.trainLoss(),
        last.validationLoss(),
        last.validationAccuracy() == null ? Double.NaN : last.validationAccuracy(),
        Verdict.of(lossBefore, last.validationLoss()));
  }

  private NetworkTraining training(double rate) {
    Settings changed =
        settings.without("train.learning-rate-schedule").with(Keys.OPTIMIZER_LEARNING_RATE, rate);
    return rows.training(network.with(changed), TrainingListener.NONE).withEpochsOf(steps);
  }
}
