package dev.convene.jobs;

import dev.convene.blas.LoadedBlas;
import dev.convene.blas.NativeBlas;
import dev.convene.config.SettingName;
import dev.convene.config.Settings;
import dev.convene.ml.NeuralNetworkModel;
import dev.convene.report.Metrics;
import dev.convene.report.MetricsJson;
import dev.convene.report.ParametersDigest;
import dev.convene.train.TrainingEnd;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a training leaves behind.
 *
 * @param pipeline preprocessing and network
 * @param metrics of the test rows; empty if there are none
 * @param end of the training
 */
record RunArtifacts(ScoringPipeline pipeline, Optional<Metrics> metrics, TrainingEnd end) {
  /** The file of the settings to run it again. */
  static final String SETTINGS = "settings.conf";

  /** The last line of standard output. */
  String summary() {
    return metrics.map(Metrics::summary).orElse(Metrics.NO_TEST_DATA);
  }

  /** Writes the files of output.dir. */
  void write(OutputDirectory output, Settings settings) throws IOException {
    NeuralNetworkModel model = pipeline.model();
    pipeline.pipelineModel().save(output.path(ScoringPipeline.MODEL).toString());
    output.write(
        "history.jsonl",
        model.history().stream()
            .map(epoch -> Json.write(epoch) + "\n")
            .collect(Collectors.joining()));
    LoadedBlas blas = NativeBlas.load();
    MetricsJson.Origin origin =
        new MetricsJson.Origin(
            model.trainingWorkers(),
            end.epoch(),
            SettingName.of(end.cause()),
            blas.library(),
            blas.coreType(),
            ParametersDigest.sha256(model.parameters()));
    output.write("metrics.json", MetricsJson.of(metrics, pipeline.labels().names(), origin));
    output.write(SETTINGS, settings.toRunAgain());
  }
}
