package dev.convene.jobs;

import dev.convene.config.Keys;
import dev.convene.config.Settings;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Where a training goes on from, and what it leaves for a later one.
 *
 * @param checkpoints the directory that they are in, if there are any
 * @param continued the last state of the training that this one continues
 * @param end where the last state of this one goes
 */
record TrainingPlaces(Optional<Path> checkpoints, Optional<Path> continued, Optional<Path> end) {
  /** The last state of a training, in its output's {@link ScoringPipeline#MODEL}. */
  static final String LAST_STATE = "training-state";

  /**
   * @param output of this training, if it has one
   */
  static TrainingPlaces of(
      Settings settings, Optional<OutputDirectory> output, Configuration hadoop)
      throws IOException {
    Optional<String> explicit = settings.value(Keys.CHECKPOINT_DIR);
    Optional<Path> checkpoints =
        explicit.isPresent()
            ? Optional.of(StoragePath.of(Keys.CHECKPOINT_DIR.key(), explicit.get(), hadoop).path())
            : output.map(OutputDirectory::checkpoints);
    Optional<String> continued = settings.value(Keys.TRAIN_CONTINUE_FROM);
    if (continued.isPresent()) {
      continued =
          Optional.of(
              OutputPointer.followed(Keys.TRAIN_CONTINUE_FROM.key(), continued.get(), hadoop));
      OutputDirectory.requireComplete(continued.get(), hadoop);
    }
    Optional<Path> end =
        output.isPresent() && settings.value(Keys.CHECKPOINT_FINAL)
            ? Optional.of(output.get().path(LAST_STATE))
            : Optional.empty();
    return new TrainingPlaces(
        checkpoints,
        continued.map(dir -> new Path(new Path(dir, ScoringPipeline.MODEL), LAST_STATE)),
        end);
  }
}
