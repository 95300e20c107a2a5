package dev.convene.jobs;

import dev.convene.FileSchema;
import dev.convene.blas.LoadedBlas;
import dev.convene.blas.NativeBlas;
import dev.convene.config.Keys;
import dev.convene.config.SettingName;
import dev.convene.config.Settings;
import dev.convene.html.RunReport;
import dev.convene.ml.NeuralNetworkModel;
import dev.convene.report.Metrics;
import dev.convene.report.MetricsJson;
import dev.convene.report.ParametersDigest;
import dev.convene.train.EpochRecord;
import dev.convene.train.TrainingEnd;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a training leaves behind.
 *
 * @param pipeline preprocessing and network
 * @param test empty if there are no test rows
 * @param end of the training
 * @param clock of the run
 */
record RunArtifacts(
    ScoringPipeline pipeline, Optional<TestEvaluation> test, TrainingEnd end, RunClock clock) {
  private static final Logger LOG = LoggerFactory.getLogger(RunArtifacts.class);

  static final String HISTORY = "history.jsonl";
  static final String METRICS = "metrics.json";
  private static final String REPORT = "report.html";

  /** The file of the settings to run it again. */
  static final String SETTINGS = "settings.conf";

  /** The last line of standard output. */
  String summary() {
    return metrics().map(Metrics::summary).orElse(Metrics.NO_TEST_DATA);
  }

  private Optional<Metrics> metrics() {
    return test.map(TestEvaluation::metrics);
  }

  /** Writes the files of output.dir. */
  void write(OutputDirectory output, Settings settings) throws IOException {
    NeuralNetworkModel model = pipeline.model();
    pipeline.pipelineModel().save(output.path(ScoringPipeline.MODEL).toString());
    output.write(
        HISTORY,
        model.history().stream().map(epoch -> line(epoch) + "\n").collect(Collectors.joining()));
    LoadedBlas blas = NativeBlas.load();
    MetricsJson.Origin origin =
        new MetricsJson.Origin(
            model.trainingWorkers(),
            end.epoch(),
            SettingName.of(end.cause()),
            blas.library(),
            blas.coreType(),
            ParametersDigest.sha256(model.parameters()));
    output.write(METRICS, MetricsJson.of(metrics(), pipeline.labels().names(), origin));
    output.write(SETTINGS, settings.toRunAgain());
    clock.end("saving the model");
    if (settings.value(Keys.OUTPUT_REPORT)) {
      writeReport(output, settings);
    }
  }

  private static String line(EpochRecord epoch) {
    return Json.object(epoch).put(FileSchema.FIELD, FileSchema.VERSION).toString();
  }

  /** A model is worth more than its report: it is kept without one that cannot be made. */
  private void writeReport(OutputDirectory output, Settings settings) throws IOException {
    try {
      output.write(REPORT, report(settings).html());
    } catch (IOException | RuntimeException e) {
      LOG.warn("The model is complete, but {} could not be written", REPORT, e);
      output.delete(output.path(REPORT));
    }
  }

  private RunReport report(Settings settings) {
    return new RunReport(
        "Training of " + settings.value(Keys.OUTPUT_DIR).orElseThrow(),
        settings,
        pipeline.model(),
        pipeline.labels().shownNames(),
        Optional.of(end),
        clock.phases(),
        test.map(
            rows ->
                rows.shown(
                    pipeline.model(), pipeline.preprocessing(), settings.value(Keys.TRAIN_SEED))));
  }
}
