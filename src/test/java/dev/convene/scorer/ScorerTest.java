package dev.convene.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convene.ml.NeuralNetworkClassificationModel;
import dev.convene.ml.NeuralNetworkRegressionModel;
import dev.convene.nn.Activation;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.Loss;
import dev.convene.onnx.OnnxModel;
import dev.convene.onnx.RandomPipeline;
import dev.convene.preprocess.PreprocessPlan;
import dev.convene.preprocess.Preprocessing;
import dev.convene.preprocess.Scaler;
import dev.convene.preprocess.UnseenCategory;
import dev.convene.testkit.DamagedCopies;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The scorer against the pipelines whose models it loads. */
@Tag("spark")
class ScorerTest {
  private static final double TOLERANCE = 1e-5;

  @TempDir Path folder;

  @ParameterizedTest
  @MethodSource("dev.convene.onnx.RandomPipeline#cases")
  void givesThePipelinesLabelAndProbabilities(RandomPipeline drawn) throws IOException {
    Preprocessing preprocessing = drawn.fitted();
    NeuralNetworkClassificationModel network = drawn.classifier(preprocessing, 3);
    List<String> names = List.of("", "ja", "nein");
    List<Row> rows = scored(drawn, preprocessing, network);

    Scorer scorer = saved(preprocessing, network, names);

    assertThat(scorer.labels()).isEqualTo(names);
    assertThat(scorer.columns()).containsExactlyInAnyOrderElementsOf(RandomPipeline.FEATURES);
    for (Row row : rows) {
      Prediction prediction = scorer.score(columns(row));
      assertClose(prediction.probabilities(), row.getAs("probability"));
      assertThat(prediction.label())
          .isEqualTo(names.get((int) row.<Double>getAs("prediction").doubleValue()));
    }
  }

  @ParameterizedTest
  @CsvSource({"0 1 1", "0.9 0.02 0.4"})
  void thresholdsDecideTheLabel(String thresholds) throws IOException {
    RandomPipeline drawn = RandomPipeline.of(2, Scaler.MIN_MAX, Activation.RELU);
    Preprocessing preprocessing = drawn.fitted();
    NeuralNetworkClassificationModel network = drawn.classifier(preprocessing, 3);
    network.setThresholds(
        Stream.of(thresholds.split(" ")).mapToDouble(Double::parseDouble).toArray());
    Scorer scorer = saved(preprocessing, network, List.of());
    for (Row row : scored(drawn, preprocessing, network)) {
      assertThat(scorer.score(columns(row)).label())
          .isEqualTo(Integer.toString((int) row.<Double>getAs("prediction").doubleValue()));
    }
  }

  @Test
  void aRegressionHasOutputs() throws IOException {
    RandomPipeline drawn = RandomPipeline.of(1, Scaler.ROBUST, Activation.GELU);
    Preprocessing preprocessing = drawn.fitted();
    DenseNetwork network = drawn.network(preprocessing, 2, Loss.MEAN_SQUARED_ERROR);
    NeuralNetworkRegressionModel model =
        NeuralNetworkRegressionModel.of(network, RandomPipeline.parameters(network));
    model.setFeaturesCol(preprocessing.outputColumn());
    Scorer scorer = load(OnnxModel.of(preprocessing, model, List.of(), Map.of()).bytes());

    assertThat(scorer.labels()).isEmpty();
    List<Row> rows =
        model
            .transform(preprocessing.transform(RandomPipeline.dataset(drawn.unseenRows())))
            .collectAsList();
    for (Row row : rows) {
      assertClose(scorer.score(columns(row)).outputs(), row.getAs("prediction"));
    }
    assertThatThrownBy(() -> scorer.score(columns(rows.get(0))).label())
        .hasMessage(
            "the model is a regression: it has outputs, and neither label nor probabilities");
  }

  /** Softmax by hand: outputs 1 * 3 + 0.5 and 2 * 3 - 1 * 4. */
  @Test
  void aVectorIsAnArray() throws IOException {
    Scorer scorer = load(ofTwoFeatures(new float[] {1, 0, 2, -1, 0.5f, 0}));
    double first = 1 / (1 + Math.exp(2 - 3.5));
    assertThat(scorer.score(3.0, 4.0).probabilities())
        .containsExactly(new double[] {first, 1 - first}, within(1e-7));
    assertThat(scorer.score(3f, 4f).label()).isEqualTo("0");
    assertThat(scorer.score(Map.of("x", new double[] {3, 40})).label()).isEqualTo("0");
    assertThat(scorer.score(Map.of("x", new float[] {3, -40})).label()).isEqualTo("1");
    assertThatThrownBy(() -> scorer.score(1, 2, 3))
        .isInstanceOf(ScorerException.class)
        .hasMessage("column x holds a vector of length 3; in training they were of length 2");
    assertThatThrownBy(() -> scorer.score(Map.of("x", 1)))
        .hasMessage(
            "column x holds a Integer, and the model reads a double[] or float[] of length 2");
    assertThatThrownBy(() -> scorer.score(1e39, 2))
        .hasMessage("feature 0 of the row becomes 1.0E39, which is not within float32's range");
  }

  @Test
  void refusedRowsAreNamed() throws IOException {
    PreprocessPlan strict = PreprocessPlan.builder().unseenCategory(UnseenCategory.ERROR).build();
    RandomPipeline drawn = new RandomPipeline(1, strict, Activation.RELU, List.of(3));
    Preprocessing preprocessing = drawn.fitted();
    Scorer scorer = saved(preprocessing, drawn.classifier(preprocessing, 2), List.of());
    Row row = RandomPipeline.dataset(RandomPipeline.randomRows(1, 1, false, 0)).head();
    Map<String, Object> good = columns(row);
    assertThat(scorer.score(good).label()).isIn("0", "1");
    assertRefused(
        scorer,
        good,
        "height",
        null,
        "column height is missing or NaN, which the model does not allow");
    assertRefused(
        scorer,
        good,
        "height",
        "tall",
        "column height holds a String, and the model reads a number");
    assertRefused(
        scorer, good, "zip", 99, "column zip holds a category that training did not see, or none");
    Map<String, Object> lacking = new HashMap<>(good);
    lacking.remove("visits");
    assertThatThrownBy(() -> scorer.score(lacking))
        .hasMessage("the row has no column visits: a missing value is null");
    assertThatThrownBy(() -> scorer.score(1, 2))
        .hasMessageStartingWith("the model reads the columns ")
        .hasMessageEndingWith(", and not one vector: score a map of them");
  }

  private static void assertRefused(
      Scorer scorer, Map<String, Object> good, String column, Object value, String message) {
    Map<String, Object> row = new HashMap<>(good);
    row.put(column, value);
    assertThatThrownBy(() -> scorer.score(row))
        .isInstanceOf(ScorerException.class)
        .hasMessage(message);
  }

  @Test
  void wholeNumbersAreOneCategoryHoweverTheyAreStored() throws IOException {
    RandomPipeline drawn = RandomPipeline.of(3, Scaler.NONE, Activation.RELU);
    Preprocessing preprocessing = drawn.fitted();
    Scorer scorer = saved(preprocessing, drawn.classifier(preprocessing, 3), List.of());
    Map<String, Object> row =
        columns(RandomPipeline.dataset(RandomPipeline.randomRows(1, 1, false, 0)).head());
    row.put("zip", 4L);
    String expected = scorer.score(row).toString();
    for (Object zip : List.of(4, 4.0, 4f, "4", "4.0")) {
      row.put("zip", zip);
      assertThat(scorer.score(row)).as(zip.getClass().getSimpleName()).hasToString(expected);
    }
    row.put("zip", "none of them");
    assertThat(scorer.score(row).toString()).isNotEqualTo(expected);
  }

  @Test
  void threadsShareIt() throws IOException {
    RandomPipeline drawn = RandomPipeline.of(4, Scaler.STANDARD, Activation.SILU);
    Preprocessing preprocessing = drawn.fitted();
    Scorer scorer = saved(preprocessing, drawn.classifier(preprocessing, 3), List.of());
    List<Map<String, Object>> rows =
        RandomPipeline.dataset(drawn.unseenRows()).collectAsList().stream()
            .map(ScorerTest::columns)
            .toList();
    List<String> alone = rows.stream().map(row -> scorer.score(row).toString()).toList();
    List<String> together =
        IntStream.range(0, 50 * rows.size())
            .parallel()
            .mapToObj(i -> scorer.score(rows.get(i % rows.size())).toString())
            .toList();
    for (int i = 0; i < together.size(); i++) {
      assertThat(together.get(i)).isEqualTo(alone.get(i % rows.size()));
    }
  }

  @Test
  void aModelIsFoundInTheOutputThatHasIt() throws IOException {
    Path output = folder.resolve("output");
    Path metadata = Files.createDirectories(output.resolve("model/metadata"));
    assertThatThrownBy(() -> Scorer.load(output.resolve("model")))
        .isInstanceOf(ScorerException.class)
        .hasMessage(
            "there is no model.onnx in %s: write it with submit/convene export CONF --to onnx",
            output.resolve("model"));
    Files.write(output.resolve("model.onnx"), ofTwoFeatures(new float[6]));
    for (Path place : List.of(output, output.resolve("model"), output.resolve("model.onnx"))) {
      assertThat(Scorer.load(place).columns()).as(place.toString()).containsExactly("x");
    }
    assertThatThrownBy(() -> Scorer.load(metadata)).isInstanceOf(ScorerException.class);
    assertThatThrownBy(() -> Scorer.load(folder.resolve("none.onnx")))
        .hasMessage("there is no model %s", folder.resolve("none.onnx"));
  }

  @Test
  void damagedModelsAreRefused() throws IOException {
    byte[] good = ofTwoFeatures(new float[] {1, 0, 2, -1, 0.5f, 0});
    DamagedCopies copies = new DamagedCopies("an exported model", good);
    Path file = folder.resolve("damaged.onnx");
    String sameAsGood = load(good).score(3, 4).toString();
    int refused = 0;
    for (int i = 0; i < 300; i++) {
      Files.write(file, copies.copy(i));
      try {
        assertThat(Scorer.load(file).score(3, 4)).as("copy " + i).hasToString(sameAsGood);
      } catch (ScorerException e) {
        assertThat(e.getMessage()).startsWith(file.toString()).endsWith("export it again");
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(200);
  }

  @Test
  void whatANewerVersionWroteIsRefused() throws IOException {
    byte[] good = ofTwoFeatures(new float[6]);
    Path file = folder.resolve("newer.onnx");
    Files.write(file, replaced(good, "convene.format\u0012\u00011", "convene.format\u0012\u00012"));
    assertThatThrownBy(() -> Scorer.load(file))
        .isInstanceOf(ScorerException.class)
        .hasMessage(
            "%s is of format version 2, and this scorer reads versions up to 1: upgrade"
                + " convene-scorer",
            file);
    Files.write(file, new byte[0]);
    assertThatThrownBy(() -> Scorer.load(file))
        .hasMessage(
            "%s is not a model that Convene exported, or it is damaged: export it again", file);
  }

  @Test
  void anOperatorThatIsNotKnownIsNamed() {
    OnnxGraph.Node node =
        new OnnxGraph.Node("Sparsemax", "", "Sparsemax", List.of("x"), "y", Map.of());
    OnnxGraph graph =
        new OnnxGraph(
            List.of(node),
            Map.of(),
            List.of(new OnnxGraph.Input("x", Tensor.FLOAT, 2)),
            List.of("y"));
    assertThatThrownBy(() -> Program.of(graph))
        .isInstanceOf(ScorerException.class)
        .hasMessage(
            "the model has the operator Sparsemax, which this scorer does not know: upgrade"
                + " convene-scorer");
  }

  private static byte[] replaced(byte[] bytes, String before, String after) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    assertThat(text).contains(before);
    return text.replace(before, after).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] ofTwoFeatures(float[] parameters) {
    DenseNetwork network =
        DenseNetwork.of(2, List.of(), 2, Activation.RELU, 0, Loss.SOFTMAX_CROSS_ENTROPY);
    return OnnxModel.of(
            Preprocessing.of(List.of(), "x"),
            NeuralNetworkClassificationModel.of(network, parameters),
            List.of(),
            Map.of())
        .bytes();
  }

  private Scorer saved(
      Preprocessing preprocessing, NeuralNetworkClassificationModel network, List<String> names)
      throws IOException {
    return load(OnnxModel.of(preprocessing, network, names, Map.of()).bytes());
  }

  private Scorer load(byte[] model) throws IOException {
    return Scorer.load(Files.write(folder.resolve("model.onnx"), model));
  }

  private static List<Row> scored(
      RandomPipeline drawn, Preprocessing preprocessing, NeuralNetworkClassificationModel network) {
    return network
        .transform(preprocessing.transform(RandomPipeline.dataset(drawn.unseenRows())))
        .collectAsList();
  }

  private static Map<String, Object> columns(Row row) {
    Map<String, Object> columns = new HashMap<>();
    for (String column : RandomPipeline.FEATURES) {
      Object value = row.getAs(column);
      columns.put(column, value instanceof Vector vector ? vector.toArray() : value);
    }
    return columns;
  }

  private static void assertClose(double[] actual, Vector expected) {
    assertThat(actual).hasSize(expected.size());
    for (int k = 0; k < actual.length; k++) {
      double scale = Math.max(1, Math.abs(expected.apply(k)));
      assertThat(actual[k] / scale).isCloseTo(expected.apply(k) / scale, within(TOLERANCE));
    }
  }
}
