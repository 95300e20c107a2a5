package dev.convene.jobs;

import dev.convene.ConveneException;
import dev.convene.config.Keys;
import dev.convene.config.Settings;
import java.io.IOException;
import java.util.Set;
import org.apache.spark.sql.SparkSession;

/** The kinds of places that predict.format stands for. */
final class PredictionSinks {
  private PredictionSinks() {}

  /**
   * Opens predict.output.
   *
   * @throws ConveneException if it is not set, exists and is not to be overwritten, or is what the
   *     job reads
   */
  static PredictionSink open(Settings settings, SparkSession spark) throws IOException {
    String output =
        settings
            .value(Keys.PREDICT_OUTPUT)
            .orElseThrow(
                () ->
                    ConveneException.usage(
                        "predict.output is not set: name where the predictions go"));
    return switch (settings.value(Keys.PREDICT_FORMAT)) {
      case PredictionTable.FORMAT -> PredictionTable.open(output, settings, spark);
      case PredictionDatabase.FORMAT -> PredictionDatabase.open(output, settings, spark);
      default -> PredictionFiles.open(output, settings, spark);
    };
  }

  /** Whether predict.output is a directory of files. */
  static boolean areFiles(Settings settings) {
    return !Set.of(PredictionTable.FORMAT, PredictionDatabase.FORMAT)
        .contains(settings.value(Keys.PREDICT_FORMAT));
  }
}
