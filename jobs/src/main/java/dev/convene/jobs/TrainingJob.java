package dev.convene.jobs;

import dev.convene.config.Keys;
import dev.convene.config.Settings;
import dev.convene.train.TaskSlots;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/** A job that trains networks on data.train. */
abstract class TrainingJob extends Job {
  /**
   * Settles which of the outputs of a {date} it is.
   *
   * @return that one, if there is a {date}
   */
  final Optional<DatedOutput> decideOutput() {
    Optional<DatedOutput> dated = DatedOutput.of(settings(), LocalDate.now(ZoneId.systemDefault()));
    dated.ifPresent(output -> decide(output.settled(settings())));
    return dated;
  }

  /** Checks that what the job writes lies apart from all that it reads. */
  final void requireApart() throws IOException {
    JobPlaces places = places();
    InputReader data = new InputReader(settings(), spark());
    for (var source : List.of(Keys.DATA_TRAIN, Keys.DATA_VALIDATION, Keys.DATA_TEST)) {
      data.addPlaces(source, places);
    }
    for (var file :
        List.of(
            Keys.TRAIN_INITIAL_PARAMETERS,
            Keys.MODEL_DL4J_CONFIGURATION,
            Keys.TRAIN_CONTINUE_FROM)) {
      if (settings().value(file).isPresent()) {
        places.reads(file, settings().value(file).get());
      }
    }
    if (settings().value(Keys.OUTPUT_DIR).isPresent()) {
      places.writes(Keys.OUTPUT_DIR, settings().value(Keys.OUTPUT_DIR).get());
    }
    if (settings().value(Keys.CHECKPOINT_DIR).isPresent()) {
      places.writes(Keys.CHECKPOINT_DIR, settings().value(Keys.CHECKPOINT_DIR).get());
    }
    places.requireApart();
  }

  /** Settles how many workers there are, if that was left open. */
  final void decideWorkers() {
    if (settings().value(Keys.TRAIN_WORKERS).isEmpty()) {
      decide(Keys.TRAIN_WORKERS, TaskSlots.settled(spark().sparkContext()));
    }
  }

  /** The network that settings describe; all of them are checked as far as no rows are needed. */
  final ConfiguredEstimator estimator(Settings settings) throws IOException {
    PreprocessSettings.check(settings);
    return ConfiguredEstimator.of(settings, hadoop());
  }
}
