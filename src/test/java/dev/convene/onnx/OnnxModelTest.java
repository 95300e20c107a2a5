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
import dev.convene.nn.ForwardPass;
import dev.convene.nn.LayerSummary;
import dev.convene.nn.Loss;
import dev.convene.nn.Network;
import dev.convene.preprocess.PreprocessPlan;
import dev.convene.preprocess.Preprocessing;
import dev.convene.preprocess.Scaler;
import dev.convene.preprocess.UnseenCategory;
import dev.ludovic.netlib.blas.BLAS;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.ml.feature.Binarizer;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Graphs in ONNX Runtime against the pipelines that they are made of. */
@Tag("spark")
class OnnxModelTest {
  private static final double TOLERANCE = 1e-5;

  @ParameterizedTest
  @MethodSource("dev.convene.onnx.RandomPipeline#cases")
  void aClassifierGivesThePipelinesProbabilities(RandomPipeline drawn) throws OrtException {
    Preprocessing preprocessing = drawn.fitted();
    NeuralNetworkClassificationModel network = drawn.classifier(preprocessing, 3);
    List<String> names = List.of("", "ja", "nein");

    List<Row> rows =
        network
            .transform(preprocessing.transform(RandomPipeline.dataset(drawn.unseenRows())))
            .collectAsList();

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
    RandomPipeline drawn = RandomPipeline.of(1, Scaler.STANDARD, Activation.TANH);
    Preprocessing preprocessing = drawn.fitted();
    DenseNetwork network = drawn.network(preprocessing, outputs, Loss.MEAN_SQUARED_ERROR);
    NeuralNetworkRegressionModel model =
        NeuralNetworkRegressionModel.of(network, RandomPipeline.parameters(network));
    model.setFeaturesCol(preprocessing.outputColumn());

    List<Row> rows =
        model
            .transform(preprocessing.transform(RandomPipeline.dataset(drawn.unseenRows())))
            .collectAsList();

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
    RandomPipeline drawn = RandomPipeline.of(2, Scaler.MIN_MAX, Activation.RELU);
    Preprocessing preprocessing = drawn.fitted();
    NeuralNetworkClassificationModel network = drawn.classifier(preprocessing, 3);
    network.setThresholds(
        Stream.of(thresholds.split(" ")).mapToDouble(Double::parseDouble).toArray());

    List<Row> rows =
        network
            .transform(preprocessing.transform(RandomPipeline.dataset(drawn.unseenRows())))
            .collectAsList();

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
    RandomPipeline drawn = RandomPipeline.of(0, Scaler.NONE, Activation.RELU);
    Preprocessing preprocessing = drawn.fitted();
    OnnxModel model =
        OnnxModel.of(preprocessing, drawn.classifier(preprocessing, 2), List.of(), Map.of());
    try (OnnxRuntime onnx = runtime(model)) {
      assertThat(onnx.inputs())
          .containsOnlyKeys(RandomPipeline.FEATURES)
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
    RandomPipeline drawn = new RandomPipeline(1, strict, Activation.RELU, List.of(3));
    Preprocessing preprocessing = drawn.fitted();
    OnnxModel model =
        OnnxModel.of(preprocessing, drawn.classifier(preprocessing, 2), List.of(), Map.of());
    List<Row> good =
        RandomPipeline.dataset(RandomPipeline.randomRows(3, 1, false, 0)).collectAsList();
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
    Object[] values = new Object[RandomPipeline.SCHEMA.length()];
    for (int c = 0; c < values.length; c++) {
      values[c] = c == RandomPipeline.SCHEMA.fieldIndex(column) ? value : row.get(c);
    }
    return RandomPipeline.dataset(List.of(RowFactory.create(values))).collectAsList();
  }

  @Test
  void wholeNumbersAreTheSameCategoryAsDoubles() throws OrtException {
    RandomPipeline drawn = RandomPipeline.of(3, Scaler.NONE, Activation.RELU);
    Preprocessing preprocessing = drawn.fitted();
    OnnxModel model =
        OnnxModel.of(preprocessing, drawn.classifier(preprocessing, 2), List.of(), Map.of());
    List<Row> rows =
        RandomPipeline.dataset(RandomPipeline.randomRows(20, 1, false, 0)).collectAsList();
    List<Row> doubles =
        RandomPipeline.dataset(RandomPipeline.randomRows(20, 1, false, 0))
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
        NeuralNetworkClassificationModel.of(network, RandomPipeline.parameters(network));
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

  /** Any network that is not dense. */
  private record OfDl4j(DenseNetwork dense) implements Network {
    @Override
    public String kind() {
      return "dl4j";
    }

    @Override
    public String description() {
      return dense.description();
    }

    @Override
    public int inputs() {
      return dense.inputs();
    }

    @Override
    public int outputs() {
      return dense.outputs();
    }

    @Override
    public Loss loss() {
      return dense.loss();
    }

    @Override
    public int parameterCount() {
      return dense.parameterCount();
    }

    @Override
    public List<LayerSummary> summary() {
      return dense.summary();
    }

    @Override
    public ForwardPass forwardPass(int maxRows, BLAS blas) {
      return dense.forwardPass(maxRows, blas);
    }
  }

  @Test
  void networksOfAnotherKindAreNamed() {
    DenseNetwork dense =
        DenseNetwork.of(1, List.of(), 2, Activation.RELU, 0, Loss.SOFTMAX_CROSS_ENTROPY);
    assertRefused(
        Preprocessing.of(List.of(), "x"),
        NeuralNetworkClassificationModel.of(new OfDl4j(dense), RandomPipeline.parameters(dense)),
        "the model's network is of the kind dl4j, and ONNX export translates dense ones alone:"
            + " train it with train.trainer = native, or keep it on Spark");
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
}
