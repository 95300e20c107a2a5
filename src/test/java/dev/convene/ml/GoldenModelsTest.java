package dev.convene.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convene.nn.Activation;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.DropoutRates;
import dev.convene.nn.LeakyRelu;
import dev.convene.nn.Loss;
import dev.convene.testkit.LocalSpark;
import dev.convene.train.EpochRecord;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Models that earlier versions saved load for ever, and predict what they predicted then. Files and
 * numbers here are never made anew; a version that saves otherwise adds its own.
 */
@Tag("spark")
class GoldenModelsTest {
  @BeforeAll
  static void startSpark() {
    LocalSpark.session();
  }

  private static String path(String model) throws Exception {
    return Path.of(GoldenModelsTest.class.getResource("/golden-models/" + model).toURI())
        .toString();
  }

  @Test
  void aClassifierOf010() throws Exception {
    NeuralNetworkClassificationModel model =
        NeuralNetworkClassificationModel.load(path("0.1.0/classifier"));

    assertThat(model.uid()).isEqualTo("goldenClassifier");
    assertThat(model.network())
        .isEqualTo(
            DenseNetwork.of(4, List.of(3), 3, Activation.TANH, 0.1, Loss.SOFTMAX_CROSS_ENTROPY));
    assertThat(model.getHidden()).containsExactly(3);
    assertThat(model.getActivation()).isEqualTo("tanh");
    assertThat(model.getLearningRate()).isEqualTo(0.05);
    assertThat(model.getClassWeights()).containsExactly(1, 2, 1);
    assertThat(model.getThresholds()).containsExactly(0.5, 0.9, 0.5);
    assertThat(model.getValidationIndicatorCol()).isEqualTo("validation");
    assertThat(model.isSet(model.epochs())).isTrue();
    assertThat(model.isSet(model.optimizer())).isFalse();
    assertThat(model.summary().workers()).isEqualTo(2);
    assertThat(model.summary().totalIterations()).isEqualTo(3);
    assertThat(model.history().get(2).examples()).isEqualTo(48);
    List<Row> predicted = model.transform(Rows.in(1, Rows.classes(4, 3))).collectAsList();
    assertClose(
        predicted.get(0).getAs("rawPrediction"),
        1.369122862815857,
        -0.387090802192688,
        0.7817850708961487);
    assertClose(
        predicted.get(0).getAs("probability"),
        0.5785354652131464,
        0.09991163898394081,
        0.3215528958029128);
    assertClose(
        predicted.get(1).getAs("rawPrediction"),
        -1.2153390645980835,
        0.9623361229896545,
        -0.4080488681793213);
    assertClose(
        predicted.get(2).getAs("rawPrediction"),
        1.188241958618164,
        -0.3230435252189636,
        0.7128148674964905);
    assertThat(predicted)
        .extracting(row -> row.<Double>getAs("prediction"))
        .containsExactly(0.0, 1.0, 0.0, 0.0);
  }

  @Test
  void aRegressorOf010() throws Exception {
    NeuralNetworkRegressionModel model = NeuralNetworkRegressionModel.load(path("0.1.0/regressor"));

    assertThat(model.uid()).isEqualTo("goldenRegressor");
    assertThat(model.network())
        .isEqualTo(
            DenseNetwork.of(3, List.of(2), 1, Activation.LEAKY_RELU, 0, Loss.MEAN_SQUARED_ERROR));
    assertThat(model.getPredictionCol()).isEqualTo("estimate");
    assertThat(model.summary().workers()).isEqualTo(1);
    assertThat(model.history()).hasSize(3);
    assertThat(model.history().get(0).trainAccuracy()).isNull();
    List<Row> predicted = model.transform(Rows.in(1, Rows.plane(3))).collectAsList();
    double[] expected = {0.6630430817604065, 0.4514835774898529, 0.3833366334438324};
    for (int i = 0; i < expected.length; i++) {
      assertThat(predicted.get(i).<Double>getAs("estimate")).isCloseTo(expected[i], within(1e-6));
    }
  }

  @Test
  void aClassifierOfFormat2() throws Exception {
    NeuralNetworkClassificationModel model =
        NeuralNetworkClassificationModel.load(path("format-2/classifier"));

    assertThat(model.uid()).isEqualTo("goldenClassifier");
    assertThat(model.network())
        .isEqualTo(
            DenseNetwork.of(2, List.of(2), 3, Activation.RELU, 0, Loss.SOFTMAX_CROSS_ENTROPY));
    assertThat(model.parameters())
        .containsExactly(1, -1, 0.5f, 2, 0, -1, 1, 0, 0, 1, -1, 0.5f, 0.25f, 0, 0.5f);
    assertThat(model.getSeed()).isEqualTo(7);
    assertThat(model.trainingWorkers()).isEqualTo(1);
    assertThat(model.history()).hasSize(2);
    EpochRecord last = model.history().get(1);
    assertThat(last.epoch()).isEqualTo(2);
    assertThat(last.rounds()).isEqualTo(1);
    assertThat(last.examples()).isEqualTo(3);
    // Rows (2, 1) of classes 1 and 2 and (3, -2) of class 0; (1, 3) of class 1 for validation.
    assertThat(last.trainLoss())
        .isCloseTo((0.52797574 + 2.02797574 + 0.00529179) / 3, within(1e-7));
    assertThat(last.trainAccuracy()).isEqualTo(2 / 3.0);
    assertThat(last.validationLoss()).isCloseTo(0.10494250, within(1e-7));
    assertThat(last.validationAccuracy()).isEqualTo(1);
    assertThat(last.learningRate()).isEqualTo(Double.MIN_VALUE);
    List<Row> predicted =
        model
            .transform(Rows.in(1, List.of(Rows.of(1, 2, 1), Rows.of(0, 3, -2), Rows.of(1, 1, 3))))
            .collectAsList();
    // The hidden layer gives (1, 2), (5, 0) and (0, 5.5).
    assertClose(predicted.get(0).getAs("rawPrediction"), 1.25, 2, 0.5);
    assertClose(predicted.get(1).getAs("rawPrediction"), 5.25, 0, -4.5);
    assertClose(predicted.get(2).getAs("rawPrediction"), 0.25, 5.5, 3.25);
    assertClose(predicted.get(0).getAs("probability"), 0.27860069, 0.58979766, 0.13160165);
    assertThat(predicted)
        .extracting(row -> row.<Double>getAs("prediction"))
        .containsExactly(1.0, 0.0, 1.0);
  }

  @Test
  void aClassifierOfFormat3() throws Exception {
    NeuralNetworkClassificationModel model =
        NeuralNetworkClassificationModel.load(path("format-3/classifier"));

    assertThat(model.uid()).isEqualTo("goldenClassifier");
    assertThat(model.network())
        .isEqualTo(
            DenseNetwork.of(
                2,
                List.of(2),
                3,
                new LeakyRelu(0.25),
                new DropoutRates(0.125f, List.of(0.5f)),
                Loss.SOFTMAX_CROSS_ENTROPY));
    List<Row> predicted =
        model
            .transform(Rows.in(1, List.of(Rows.of(1, 2, 1), Rows.of(0, 3, -2), Rows.of(1, 1, 3))))
            .collectAsList();
    // As that of format 2, whose hidden layer gives (1, 2), (5, -0.875) and (-0.5, 5.5) here.
    assertClose(predicted.get(0).getAs("rawPrediction"), 1.25, 2, 0.5);
    assertClose(predicted.get(1).getAs("rawPrediction"), 5.25, -0.875, -4.9375);
    assertClose(predicted.get(2).getAs("rawPrediction"), -0.25, 5.5, 3.75);
  }

  @Test
  void aRegressorOfFormat2() throws Exception {
    NeuralNetworkRegressionModel model =
        NeuralNetworkRegressionModel.load(path("format-2/regressor"));

    assertThat(model.uid()).isEqualTo("goldenRegressor");
    assertThat(model.parameters()).containsExactly(2, -0.5f, 1);
    assertThat(model.getPredictionCol()).isEqualTo("estimate");
    // Targets 1, 0 and 1.
    assertThat(model.history()).hasSize(1);
    assertThat(model.history().get(0).trainLoss()).isEqualTo((3.5 * 3.5 + 8 * 8 + 0.5 * 0.5) / 3);
    assertThat(model.history().get(0).trainAccuracy()).isNull();
    assertThat(model.history().get(0).validationLoss()).isNull();
    assertThat(
            model
                .transform(
                    Rows.in(1, List.of(Rows.of(1, 2, 1), Rows.of(0, 3, -2), Rows.of(1, 1, 3))))
                .collectAsList())
        .extracting(row -> row.<Double>getAs("estimate"))
        .containsExactly(4.5, 8.0, 1.5);
  }

  private static void assertClose(Vector actual, double... expected) {
    assertThat(actual.toArray()).containsExactly(expected, within(1e-6));
  }
}
