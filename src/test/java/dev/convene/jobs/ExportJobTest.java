package dev.convene.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.config.Keys;
import dev.convene.config.Settings;
import dev.convene.data.PackedFeatures;
import dev.convene.onnx.OnnxRuntime;
import dev.convene.scorer.Prediction;
import dev.convene.scorer.Scorer;
import dev.convene.testkit.Checkout;
import dev.convene.testkit.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The job export, and what ONNX Runtime, which is not ours, makes of its files. */
@Tag("spark")
class ExportJobTest {
  @TempDir Path folder;

  /** All test rows of the real data: 10,000 images, 16,281 people. */
  @ParameterizedTest
  @CsvSource({
    "mnist-softmax.conf, 10000",
    "mnist-mlp.conf, 10000",
    "adult.conf, 16281",
  })
  void onnxRuntimeGivesThePipelinesProbabilities(String name, int count) throws Exception {
    Path conf = Checkout.root().resolve("conf").resolve(name);
    List<String> overrides =
        List.of("output.dir=" + folder.resolve("out"), "train.epochs=" + epochs());
    JobRun trained = JobRun.of("train", conf, overrides);
    assertThat(trained.status()).as(trained.stderr()).isZero();

    Path file = folder.resolve("model.onnx");
    JobRun exported = export(conf, overrides, file);

    assertThat(exported.status()).as(exported.stderr()).isZero();
    assertThat(exported.lastLine()).isEqualTo("exported %s bytes to %s", Files.size(file), file);
    List<Row> rows = scored(Settings.load(conf, overrides));
    assertThat(rows).hasSize(count);
    try (OnnxRuntime onnx = new OnnxRuntime(Files.readAllBytes(file))) {
      double[][] probabilities = doubles(onnx.numbers("probabilities", rows));
      double deviation = deviation(rows, probabilities);
      System.out.printf(
          "%s: %s bytes, probabilities of %s rows deviate by at most %.2e%n",
          name, Files.size(file), count, deviation);
      assertThat(deviation).isLessThan(1e-5);
      assertThat(onnx.texts("label", rows)).isEqualTo(labels(rows, name.startsWith("mnist")));
    }
    Scorer scorer = Scorer.load(file);
    List<Prediction> predictions = rows.stream().map(row -> scorer.score(values(row))).toList();
    double[][] probabilities =
        predictions.stream().map(Prediction::probabilities).toArray(double[][]::new);
    System.out.printf(
        "%s: the scorer's deviate by at most %.2e%n", name, deviation(rows, probabilities));
    assertThat(deviation(rows, probabilities)).isLessThan(1e-5);
    assertThat(predictions.stream().map(Prediction::label))
        .isEqualTo(labels(rows, name.startsWith("mnist")));
  }

  /** One, unless the whole training is asked for. */
  private static int epochs() {
    return Integer.getInteger("convene.export.epochs", 1);
  }

  private static JobRun export(Path conf, List<String> overrides, Path file) {
    List<String> args = new ArrayList<>(List.of("export", conf.toString(), "--to", "onnx"));
    overrides.forEach(override -> args.addAll(List.of("--set", override)));
    args.addAll(List.of("--set", "export.output=" + file));
    return JobRun.of(args.toArray(String[]::new));
  }

  /** The test rows with their raw columns and what the pipeline adds. */
  private static List<Row> scored(Settings settings) throws IOException {
    ScoringPipeline pipeline = ScoringPipeline.load(settings, LocalSpark.session());
    Dataset<Row> rows =
        new InputReader(settings, LocalSpark.session())
            .read(Keys.DATA_TEST, pipeline.columns(List.of()));
    Dataset<Row> scored = pipeline.pipelineModel().transform(PackedFeatures.unpack(rows));
    return scored.collectAsList();
  }

  private static double[][] doubles(float[][] rows) {
    return Stream.of(rows)
        .map(row -> IntStream.range(0, row.length).mapToDouble(k -> row[k]).toArray())
        .toArray(double[][]::new);
  }

  private static Map<String, Object> values(Row row) {
    Map<String, Object> values = new HashMap<>();
    for (String column : row.schema().fieldNames()) {
      Object value = row.getAs(column);
      values.put(column, value instanceof Vector vector ? vector.toArray() : value);
    }
    return values;
  }

  private static double deviation(List<Row> rows, double[][] probabilities) {
    double deviation = 0;
    for (int r = 0; r < probabilities.length; r++) {
      double[] expected = rows.get(r).<Vector>getAs("probability").toArray();
      assertThat(probabilities[r]).hasSize(expected.length);
      for (int k = 0; k < expected.length; k++) {
        deviation = Math.max(deviation, Math.abs(expected[k] - probabilities[r][k]));
      }
    }
    return deviation;
  }

  private static List<String> labels(List<Row> rows, boolean areIndices) {
    return rows.stream()
        .map(
            row ->
                areIndices
                    ? Integer.toString((int) row.<Double>getAs("prediction").doubleValue())
                    : row.<String>getAs("predictedLabel"))
        .toList();
  }
}
