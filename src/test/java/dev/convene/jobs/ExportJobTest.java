package dev.convene.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.convene.config.Keys;
import dev.convene.config.Settings;
import dev.convene.data.PackedFeatures;
import dev.convene.onnx.OnnxRuntime;
import dev.convene.scorer.Prediction;
import dev.convene.scorer.Scorer;
import dev.convene.testkit.Checkout;
import dev.convene.testkit.LocalSpark;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The job export, and what ONNX Runtime, which is not ours, makes of its files. */
@Tag("spark")
class ExportJobTest {
  private static final Path IRIS = Checkout.root().resolve("conf/iris.conf");

  @TempDir Path folder;

  /** All test rows of the real data: 10,000 images, 16,281 people. */
  @ParameterizedTest
  @CsvSource({
    "mnist-softmax.conf, 10000",
    "mnist-mlp.conf, 10000",
    "adult.conf, 16281",
  })
  void onnxRuntimeGivesThePipelinesProbabilities(String name, int count) throws Exception {
    fetch(name.startsWith("mnist") ? "mnist" : "adult");
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

  /**
   * Into the user's own cache; the test is skipped where the data can neither be found nor fetched.
   */
  private static void fetch(String dataSet) {
    JobRun fetched = JobRun.of("fetch-data", dataSet);
    if (fetched.status() != 0) {
      abort(fetched.stderr());
    }
  }

  /** Beside the model, unless export.output says otherwise; nothing is replaced unasked. */
  @Test
  void theFileIsWhereItIsWantedAndReplacesNothingUnasked() throws IOException {
    Path output = trainIris();
    Path file = output.resolve("model.onnx");

    JobRun first = export(output);
    assertThat(first.status()).as(first.stderr()).isZero();
    assertThat(first.lastLine()).isEqualTo("exported %s bytes to %s", Files.size(file), file);
    assertThat(Scorer.load(output.resolve("model")).labels())
        .containsExactly("setosa", "versicolor", "virginica");
    assertRefused(
        3,
        "export.output %s exists already: choose another, or set export.overwrite = true"
            .formatted(file),
        export(output));
    Files.write(file, new byte[] {1});
    assertThat(export(output, "export.overwrite=true").status()).isZero();
    assertThat(Scorer.load(file).columns()).hasSize(4);
    Path other = folder.resolve("new/iris.onnx");
    assertThat(export(output, "export.output=" + other).status()).isZero();
    assertThat(Files.readAllBytes(other)).isEqualTo(Files.readAllBytes(file));
    assertThat(visible(other.getParent())).containsExactly("iris.onnx");
  }

  @Test
  void wrongPlacesAndFormatsAreRefused() throws IOException {
    Path output = trainIris();
    Path model = output.resolve("model");
    Path directory = Files.createDirectory(folder.resolve("directory"));
    assertRefused(
        2,
        "export.output = %s/a.onnx lies inside output.dir = %s, which this job reads: choose a place of its own for it"
            .formatted(model, model),
        export(output, "export.output=" + model + "/a.onnx"));
    assertRefused(
        3,
        "export.output %s is a directory: name a file".formatted(directory),
        export(output, "export.output=" + directory, "export.overwrite=true"));
    assertRefused(
        3,
        "there is no output " + folder.resolve("none"),
        export(folder.resolve("none"), "export.output=" + folder.resolve("a.onnx")));
    Path plain = Files.writeString(folder.resolve("plain"), "");
    assertRefused(
        3,
        "export.output %s/a.onnx cannot be created: it may lie below a file, or where you must not write"
            .formatted(plain),
        export(output, "export.output=" + plain + "/a.onnx"));
    assertRefused(2, "--to pmml is none of the formats: onnx", JobRun.of("export", "--to", "pmml"));
    assertRefused(2, "output.dir is not set", JobRun.of("export", "--to", "onnx"));
    assertRefused(2, "Missing required option: '--to=FORMAT'", JobRun.of("export"));
  }

  /** The derived column is what the graph reads: it says how it came to be. */
  @Test
  void derivedColumnsAreDocumented() throws IOException {
    Path output = trainIris("data.derive.petal_length=`petal_length` / 10");
    JobRun exported = export(output, "data.derive.petal_length=`petal_length` / 10");
    assertThat(exported.status()).as(exported.stderr()).isZero();
    assertThat(Files.readString(output.resolve("model.onnx"), StandardCharsets.ISO_8859_1))
        .contains("derived as `petal_length` / 10");
  }

  private Path trainIris(String... settings) {
    Path output = folder.resolve("iris");
    JobRun trained = JobRun.of("train", IRIS, overrides(output, settings));
    assertThat(trained.status()).as(trained.stderr()).isZero();
    return output;
  }

  private static JobRun export(Path output, String... settings) {
    List<String> args = new ArrayList<>(List.of("export", IRIS.toString(), "--to", "onnx"));
    overrides(output, settings).forEach(setting -> args.addAll(List.of("--set", setting)));
    return JobRun.of(args.toArray(String[]::new));
  }

  private static List<String> overrides(Path output, String... settings) {
    return Stream.concat(Stream.of("output.dir=" + output, "train.epochs=1"), Stream.of(settings))
        .toList();
  }

  private static void assertRefused(int status, String message, JobRun run) {
    assertThat(run.stderr()).contains(message);
    assertThat(run.status()).isEqualTo(status);
  }

  private static List<String> visible(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .toList();
    }
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
