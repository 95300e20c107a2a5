package dev.convene.onnx;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.ml.NeuralNetworkClassificationModel;
import dev.convene.ml.NeuralNetworkRegressionModel;
import dev.convene.nn.Activation;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.LeakyRelu;
import dev.convene.nn.Loss;
import dev.convene.preprocess.Missing;
import dev.convene.preprocess.Normalizer;
import dev.convene.preprocess.PreprocessPlan;
import dev.convene.preprocess.Preprocessing;
import dev.convene.preprocess.Scaler;
import dev.convene.preprocess.UnseenCategory;
import dev.convene.testkit.LocalSpark;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.ml.feature.Binarizer;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Graphs in ONNX Runtime against the pipelines that they are made of. */
@Tag("spark")
class OnnxModelTest {
  private static final StructType SCHEMA =
      new StructType()
          .add("height", DataTypes.DoubleType)
          .add("visits", DataTypes.IntegerType)
          .add("member", DataTypes.BooleanType)
          .add("gain", DataTypes.DoubleType)
          .add("x", SQLDataTypes.VectorType())
          .add("city.name", DataTypes.StringType)
          .add("zip", DataTypes.LongType)
          .add("word", DataTypes.StringType);
  private static final Set<String> CATEGORICAL = Set.of("city.name", "zip", "word");
  private static final List<String> FEATURES = List.of(SCHEMA.fieldNames());
  private static final double TOLERANCE = 1e-5;

  /** What a random pipeline is drawn from. */
  private record Case(int seed, PreprocessPlan plan, Activation activation, List<Integer> hidden) {
    boolean hasGaps() {
      return plan.missing() != Missing.ERROR;
    }

    boolean knowsAll() {
      return plan.unseenCategory() == UnseenCategory.ERROR;
    }
  }

  /** Each scaler with each activation, the rest at random. */
  static List<Case> cases() {
    List<Activation> activations = new ArrayList<>(Activation.ALL);
    activations.add(new LeakyRelu(0.2));
    List<Case> cases = new ArrayList<>();
    for (Scaler scaler : Scaler.values()) {
      for (Activation activation : activations) {
        cases.add(randomCase(cases.size(), scaler, activation));
      }
    }
    return cases;
  }

  private static Case randomCase(int seed, Scaler scaler, Activation activation) {
    Random random = new Random(seed);
    Missing missing = Missing.values()[seed % Missing.values().length];
    boolean keeps = random.nextInt(4) > 0;
    PreprocessPlan.Builder plan =
        PreprocessPlan.builder()
            .divideBy(random.nextBoolean() ? 1 : 7)
            .scaler(scaler)
            .normalizer(Normalizer.values()[random.nextInt(Normalizer.values().length)])
            .missing(missing)
            .missingConstant(-1.5)
            .missingIndicator(missing != Missing.ERROR && random.nextBoolean())
            .unseenCategory(keeps ? UnseenCategory.KEEP : UnseenCategory.ERROR)
            .minCategoryCount(keeps ? 1 + random.nextInt(4) : 1);
    if (random.nextBoolean()) {
      plan.hashed(Map.of("word", 1 + random.nextInt(100)));
    }
    if (random.nextBoolean()) {
      plan.binned(Map.of("gain", 2 + random.nextInt(9)));
    } else if (scaler != Scaler.NONE && random.nextBoolean()) {
      plan.scaledColumns(List.of("height"));
    }
    List<Integer> hidden = random.nextBoolean() ? List.of(5) : List.of(6, 4);
    return new Case(seed, plan.build(), activation, hidden);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aClassifierGivesThePipelinesProbabilities(Case drawn) throws OrtException {
    Preprocessing preprocessing = fitted(drawn);
    NeuralNetworkClassificationModel network = classifier(drawn, preprocessing, 3);
    List<String> names = List.of("", "ja", "nein");

    List<Row> rows =
        network.transform(preprocessing.transform(dataset(unseenRows(drawn)))).collectAsList();

    try (OnnxRuntime onnx = runtime(OnnxModel.of(preprocessing, network, names, Map.of()))) {
      float[][] probabilities = onnx.numbers("probabilities", rows);
      List<String> labels = onnx.texts("label", rows);
      for (int r = 0; r < rows.size(); r++) {
        assertClose(probabilities[r], rows.get(r).getAs("probability"));
        assertThat(labels.get(r))
            .isEqualTo(names.get((int) rows.get(r).<Double>getAs("prediction").doubleValue()));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "3"})
  void aRegressionGivesThePipelinesNumbers(int outputs) throws OrtException {
    Case drawn = randomCase(1, Scaler.STANDARD, Activation.TANH);
    Preprocessing preprocessing = fitted(drawn);
    DenseNetwork network = network(drawn, preprocessing, outputs, Loss.MEAN_SQUARED_ERROR);
    NeuralNetworkRegressionModel model =
        NeuralNetworkRegressionModel.of(network, parameters(network));
    model.setFeaturesCol(preprocessing.outputColumn());

    List<Row> rows =
        model.transform(preprocessing.transform(dataset(unseenRows(drawn)))).collectAsList();

    try (OnnxRuntime onnx = runtime(OnnxModel.of(preprocessing, model, List.of(), Map.of()))) {
      float[][] predictions = onnx.numbers("prediction", rows);
      for (int r = 0; r < rows.size(); r++) {
        Object prediction = rows.get(r).getAs("prediction");
        assertClose(
            predictions[r],
            prediction instanceof Vector vector ? vector : Vectors.dense((double) prediction));
      }
    }
  }

  /** By MLlib's rule: the largest of probability over threshold. */
  @ParameterizedTest
  @CsvSource({"1 1 1", "0 1 1", "0.9 0.02 0.4", "1e-9 0 1e9"})
  void thresholdsDecideTheLabel(String thresholds) throws OrtException {
    Case drawn = randomCase(2, Scaler.MIN_MAX, Activation.RELU);
    Preprocessing preprocessing = fitted(drawn);
    NeuralNetworkClassificationModel network = classifier(drawn, preprocessing, 3);
    network.setThresholds(
        Stream.of(thresholds.split(" ")).mapToDouble(Double::parseDouble).toArray());

    List<Row> rows =
        network.transform(preprocessing.transform(dataset(unseenRows(drawn)))).collectAsList();

    try (OnnxRuntime onnx = runtime(OnnxModel.of(preprocessing, network, List.of(), Map.of()))) {
      assertThat(onnx.texts("label", rows))
          .isEqualTo(
              rows.stream()
                  .map(row -> String.valueOf((int) row.<Double>getAs("prediction").doubleValue()))
                  .toList());
    }
  }

  @Test
  void everyColumnIsAnInputOfItsKind() throws OrtException {
    Case drawn = randomCase(0, Scaler.NONE, Activation.RELU);
    Preprocessing preprocessing = fitted(drawn);
    OnnxModel model =
        OnnxModel.of(preprocessing, classifier(drawn, preprocessing, 2), List.of(), Map.of());
    try (OnnxRuntime onnx = runtime(model)) {
      assertThat(onnx.inputs())
          .containsOnlyKeys(FEATURES)
          .containsEntry("height", "FLOAT [-1, 1]")
          .containsEntry("member", "FLOAT [-1, 1]")
          .containsEntry("x", "FLOAT [-1, 4]")
          .containsEntry("city.name", "STRING [-1, 1]")
          .containsEntry("zip", "STRING [-1, 1]");
    }
  }

  /** What the pipeline refuses is no prediction in ONNX Runtime either. */
  @Test
  void refusedRowsAreRefusedByName() throws OrtException {
    PreprocessPlan strict = PreprocessPlan.builder().unseenCategory(UnseenCategory.ERROR).build();
    Case drawn = new Case(1, strict, Activation.RELU, List.of(3));
    Preprocessing preprocessing = fitted(drawn);
    OnnxModel model =
        OnnxModel.of(preprocessing, classifier(drawn, preprocessing, 2), List.of(), Map.of());
    List<Row> good = dataset(randomRows(3, 1, false, 0)).collectAsList();
    try (OnnxRuntime onnx = runtime(model)) {
      assertThat(onnx.texts("label", good)).hasSize(3);
      assertThatThrownBy(() -> onnx.texts("label", with(good.get(0), "height", null)))
          .hasMessageContaining("column height is missing or NaN, which the model does not allow");
      assertThatThrownBy(() -> onnx.texts("label", with(good.get(0), "city.name", "Ulm")))
          .hasMessageContaining(
              "column city.name holds a category that training did not see, or none");
      assertThatThrownBy(() -> onnx.texts("label", with(good.get(0), "zip", null)))
          .hasMessageContaining("column zip holds a category that training did not see, or none");
    }
  }

  private static List<Row> with(Row row, String column, Object value) {
    Object[] values = new Object[SCHEMA.length()];
    for (int c = 0; c < values.length; c++) {
      values[c] = c == SCHEMA.fieldIndex(column) ? value : row.get(c);
    }
    return dataset(List.of(RowFactory.create(values))).collectAsList();
  }

  @Test
  void wholeNumbersAreTheSameCategoryAsDoubles() throws OrtException {
    Case drawn = randomCase(3, Scaler.NONE, Activation.RELU);
    Preprocessing preprocessing = fitted(drawn);
    OnnxModel model =
        OnnxModel.of(preprocessing, classifier(drawn, preprocessing, 2), List.of(), Map.of());
    List<Row> rows = dataset(randomRows(20, 1, false, 0)).collectAsList();
    List<Row> doubles =
        dataset(randomRows(20, 1, false, 0))
            .withColumn("zip", col("zip").cast("double"))
            .collectAsList();
    try (OnnxRuntime onnx = runtime(model)) {
      assertThat(onnx.numbers("probabilities", doubles))
          .isDeepEqualTo(onnx.numbers("probabilities", rows));
    }
  }

  @Test
  void whatIsNotTranslatedIsNamed() {
    Preprocessing foreign =
        Preprocessing.of(
            List.of(new Binarizer().setInputCol("height").setOutputCol("tall").setThreshold(0)),
            "tall");
    DenseNetwork network =
        DenseNetwork.of(1, List.of(), 2, Activation.RELU, 0, Loss.SOFTMAX_CROSS_ENTROPY);
    NeuralNetworkClassificationModel model =
        NeuralNetworkClassificationModel.of(network, parameters(network));
    assertRefused(
        foreign,
        model,
        "the stages before the network are not all such as preprocess makes, which ONNX export"
            + " translates alone: Binarizer");
    assertRefused(
        Preprocessing.of(List.of(), "label"),
        model,
        "the feature column label is named as an output of the ONNX graph: rename it, and train"
            + " again");
  }

  private static void assertRefused(
      Preprocessing preprocessing, NeuralNetworkClassificationModel model, String message) {
    assertThatThrownBy(() -> OnnxModel.of(preprocessing, model, List.of(), Map.of()))
        .isInstanceOfSatisfying(
            ConveneException.class,
            refusal -> assertThat(refusal.status()).isEqualTo(ExitStatus.DATA))
        .hasMessage(message);
  }

  private static void assertClose(float[] actual, Vector expected) {
    assertThat(actual).hasSize(expected.size());
    for (int k = 0; k < actual.length; k++) {
      double scale = Math.max(1, Math.abs(expected.apply(k)));
      assertThat(Math.abs(actual[k] - expected.apply(k)) / scale).isLessThan(TOLERANCE);
    }
  }

  private static OnnxRuntime runtime(OnnxModel model) throws OrtException {
    return new OnnxRuntime(model.bytes());
  }

  private static Preprocessing fitted(Case drawn) {
    return Preprocessing.fit(
        dataset(randomRows(80, drawn.seed, drawn.hasGaps(), 0)), FEATURES, CATEGORICAL, drawn.plan);
  }

  /** Rows with other categories and gaps, if the pipeline allows them. */
  private static List<Row> unseenRows(Case drawn) {
    return drawn.knowsAll()
        ? randomRows(80, drawn.seed, drawn.hasGaps(), 0)
        : randomRows(40, drawn.seed + 1000, drawn.hasGaps(), 3);
  }

  private static NeuralNetworkClassificationModel classifier(
      Case drawn, Preprocessing preprocessing, int classes) {
    DenseNetwork network = network(drawn, preprocessing, classes, Loss.SOFTMAX_CROSS_ENTROPY);
    NeuralNetworkClassificationModel model =
        NeuralNetworkClassificationModel.of(network, parameters(network));
    model.setFeaturesCol(preprocessing.outputColumn());
    return model;
  }

  private static DenseNetwork network(
      Case drawn, Preprocessing preprocessing, int outputs, Loss loss) {
    Dataset<Row> one = preprocessing.transform(dataset(randomRows(1, drawn.seed, false, 0)));
    Vector features = one.select(preprocessing.outputColumn()).head().getAs(0);
    return DenseNetwork.of(features.size(), drawn.hidden, outputs, drawn.activation, 0.3, loss);
  }

  private static float[] parameters(DenseNetwork network) {
    Random random = new Random(network.parameterCount());
    float[] parameters = new float[network.parameterCount()];
    for (int p = 0; p < parameters.length; p++) {
      parameters[p] = (float) (random.nextGaussian() / 2);
    }
    return parameters;
  }

  /**
   * Numbers that float32 holds.
   *
   * @param hasGaps whether numbers and categories may be missing
   * @param shift of categories: how many are others than those of 0
   */
  private static List<Row> randomRows(int count, int seed, boolean hasGaps, int shift) {
    Random random = new Random(seed);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Vector x = Vectors.dense((float) random.nextGaussian(), random.nextInt(3) == 0 ? 1 : 0, 0, 2);
      rows.add(
          RowFactory.create(
              gap(hasGaps, random) ? Double.NaN : (double) (float) random.nextGaussian(),
              gap(hasGaps, random) ? null : random.nextInt(5),
              gap(hasGaps, random) ? null : random.nextBoolean(),
              random.nextInt(3) > 0 ? 0.0 : (double) random.nextInt(1000),
              random.nextBoolean() ? x : x.toSparse(),
              gap(hasGaps && shift > 0, random) ? null : "city " + (shift + random.nextInt(6)),
              gap(hasGaps && shift > 0, random) ? null : (Long) (long) (shift + random.nextInt(12)),
              gap(hasGaps && shift > 0, random) ? null : "wörd " + random.nextInt(30)));
    }
    return rows;
  }

  private static boolean gap(boolean allowed, Random random) {
    return allowed && random.nextInt(8) == 0;
  }

  private static Dataset<Row> dataset(List<Row> rows) {
    return LocalSpark.session().createDataFrame(rows, SCHEMA);
  }
}
