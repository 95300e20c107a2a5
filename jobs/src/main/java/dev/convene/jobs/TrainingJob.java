package dev.convene.jobs;

import dev.convene.config.Keys;
import dev.convene.config.Settings;
import dev.convene.train.TaskSlots;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A job that trains networks on data.train. */
abstract class TrainingJob extends Job {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingJob.class);

  /** What the job does while no other run writes its output. */
  abstract String work() throws Exception;

  /** Checks the output, and works as soon as it is this run's alone. */
  final String runAlone() throws Exception {
    Optional<DatedOutput> dated = DatedOutput.of(settings(), LocalDate.now(ZoneId.systemDefault()));
    dated.ifPresent(output -> decide(output.settled(settings())));
    requireApart();
    if (dated.isPresent()) {
      dated.get().requirePointer(hadoop());
    }
    try (OutputLock lock = lock(Keys.OUTPUT_DIR, settings().value(Keys.OUTPUT_DIR))) {
      LOG.debug("Nobody else writes the output: {}", lock);
      String result = work();
      if (dated.isPresent()) {
        dated.get().complete(hadoop());
      }
      return result;
    }
  }

  /** Checks that what the job writes lies apart from all that it reads. */
  private void requireApart() throws IOException {
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
