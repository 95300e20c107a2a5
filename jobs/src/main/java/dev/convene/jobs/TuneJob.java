package dev.convene.jobs;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.config.Candidate;
import dev.convene.config.Keys;
import dev.convene.config.SettingName;
import dev.convene.config.Settings;
import dev.convene.report.TextTable;
import dev.convene.train.TaskSlots;
import dev.convene.tune.Halving;
import dev.convene.tune.HalvingSearch;
import dev.convene.tune.RangeTest;
import dev.convene.tune.RateTrial;
import dev.convene.tune.RungResult;
import dev.convene.tune.SearchLog;
import dev.convene.tune.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.ToIntFunction;
import picocli.CommandLine.Command;

/**
 * Finds a learning rate by short trainings or, if tune.space names settings, the best combination
 * of their values by successive halving: always by the loss on validation rows.
 *
 * <pre>convene tune conf/iris.conf --set data.validation-fraction=0.2</pre>
 */
@Command(
    name = "tune",
    description = {
      "Suggest a learning rate or, if tune.space names settings and values, search the best of them;"
          + " chosen by the loss on validation rows."
    })
final class TuneJob extends TrainingJob {
  @Override
  String run() throws Exception {
    settings().required(Keys.DATA_TRAIN);
    if (!settings().hasValidationRows()) {
      throw ConveneException.usage(
          "tune chooses by validation rows, and there are none: set %s, for example to 0.1, or %s",
          Keys.DATA_VALIDATION_FRACTION, Keys.DATA_VALIDATION);
    }
    if (settings().value(Keys.TUNE_SPACE).isEmpty()) {
      requireLearningRate();
      return testRates();
    } else {
      SearchDirectory.required(settings());
      candidates();
      return runAlone();
    }
  }

  private void requireLearningRate() {
    if (settings().isGiven(Keys.MODEL_DL4J_CONFIGURATION)) {
      throw ConveneException.usage(
          "%s, which has learning rates of its own: tune finds that of %s only, or set tune.space",
          settings().isSet(Keys.MODEL_DL4J_CONFIGURATION), Keys.OPTIMIZER_LEARNING_RATE);
    }
    if (!Keys.OPTIMIZER_LEARNING_RATE.isOf(settings().value(Keys.OPTIMIZER_NAME))) {
      throw ConveneException.usage(
          "optimizer %s has no learning rate to be found: set tune.space to search other settings",
          SettingName.of(settings().value(Keys.OPTIMIZER_NAME)));
    }
  }

  private String testRates() throws IOException {
    ConfiguredEstimator network = estimator(settings());
    decideWorkers();
    List<RateTrial> trials;
    try (SharedRows rows = SharedRows.deal(settings(), network.with(settings()), spark())) {
      RateTrials rates = new RateTrials(settings(), network, rows);
      trials = RangeTest.run(settings().value(Keys.OPTIMIZER_LEARNING_RATE), rates::at);
      System.out.print(TuneTables.ofRates(trials, rates.lossBefore()));
    }
    Optional<RateTrial> best = RangeTest.best(trials);
    if (trials.stream().allMatch(trial -> trial.verdict() == Verdict.DIVERGES)) {
      throw new ConveneException(
          ExitStatus.DIVERGED,
          "training diverged at every learning rate from %s to %s: scale the features"
                  .formatted(
                      TextTable.plain(trials.get(0).rate()),
                      TextTable.plain(trials.get(trials.size() - 1).rate()))
              + " (preprocess.scaler = standard), or begin with a smaller "
              + Keys.OPTIMIZER_LEARNING_RATE);
    }
    return best.map(trial -> "suggested learning rate " + TextTable.plain(trial.rate()))
        .orElse("no learning rate makes the validation loss fall");
  }

  private List<Candidate> candidates() {
    return settings().value(Keys.TUNE_SPACE).candidates(settings());
  }

  @Override
  String work() throws Exception {
    SearchDirectory output = SearchDirectory.of(settings(), spark());
    decideWorkersAs(output.unfinished());
    List<Candidate> candidates = candidates();
    List<ConfiguredEstimator> networks = new ArrayList<>();
    for (Candidate candidate : candidates) {
      networks.add(estimator(candidate.settings()));
    }
    output.open(settings(), candidates);
    List<RungResult> results;
    try (CandidateTrainings trainings = new CandidateTrainings(candidates, networks, spark())) {
      Halving halving = halving(candidates);
      results =
          new HalvingSearch(
                  halving, sideBySide(candidates), trainings, reported(output, candidates, halving))
              .run(candidates.size());
    }
    System.out.print(TuneTables.ofCandidates(results, candidates));
    RungResult best = results.get(0);
    if (best.hasDiverged()) {
      throw new ConveneException(
          ExitStatus.DIVERGED,
          "training diverged with every one of the %s candidates: search smaller learning rates, or"
                  .formatted(candidates.size())
              + " scale the features");
    }
    String conf = output.end(candidates.get(best.candidate() - 1).settings());
    return "best is candidate %s: %s, settings in %s"
        .formatted(best.candidate(), TuneTables.describe(best), conf);
  }

  /** A search goes on with as many workers as it began with. */
  private void decideWorkersAs(Optional<Settings> begun) {
    if (settings().value(Keys.TRAIN_WORKERS).isEmpty()) {
      OptionalInt workers =
          begun.map(settings -> settings.value(Keys.TRAIN_WORKERS)).orElse(OptionalInt.empty());
      if (workers.isPresent()) {
        decide(Keys.TRAIN_WORKERS, workers.getAsInt());
      }
    }
    decideWorkers();
  }

  private Halving halving(List<Candidate> candidates) {
    int epochs = most(candidates, settings -> settings.value(Keys.TRAIN_EPOCHS));
    int eta = settings().value(Keys.TUNE_ETA);
    int first = settings().value(Keys.TUNE_FIRST_EPOCHS).orElse(Halving.defaultFirst(epochs, eta));
    return Halving.of(first, epochs, eta);
  }

  private int sideBySide(List<Candidate> candidates) {
    int slots = TaskSlots.settled(spark().sparkContext());
    int workers = most(candidates, settings -> settings.value(Keys.TRAIN_WORKERS).orElse(slots));
    return Math.max(1, slots / workers);
  }

  private static int most(List<Candidate> candidates, ToIntFunction<Settings> number) {
    return candidates.stream().map(Candidate::settings).mapToInt(number).max().orElseThrow();
  }

  /** Prints each result once it is kept. */
  private static SearchLog reported(
      SearchDirectory output, List<Candidate> candidates, Halving halving) {
    return new SearchLog() {
      @Override
      public List<RungResult> finished() {
        return output.finished();
      }

      @Override
      public void add(RungResult result) {
        output.add(result);
        System.out.printf(
            "rung %d/%d  candidate %d/%d  %s  epoch %d  %s%n",
            result.rung(),
            halving.rungs(),
            result.candidate(),
            candidates.size(),
            candidates.get(result.candidate() - 1).describe(),
            result.epochs(),
            TuneTables.describe(result));
      }
    };
  }
}
