package dev.convene.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.config.Keys;
import dev.convene.config.Settings;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NeuralNetworkParamsTest {
  @Test
  void defaultsAreThoseOfTheSettings() {
    Settings settings = Settings.load(null, List.of());
    for (NeuralNetworkParams params :
        List.of(new NeuralNetworkClassifier(), new NeuralNetworkRegressor())) {
      assertThat(params.getHidden()).isEmpty();
      assertThat(settings.value(Keys.MODEL_HIDDEN)).isEmpty();
      assertThat(params.getActivation()).isEqualTo(settings.value(Keys.MODEL_ACTIVATION));
      assertThat(params.getDropout()).isEqualTo(settings.value(Keys.MODEL_DROPOUT));
      assertThat(params.getInitializer()).isEqualTo(settings.value(Keys.MODEL_INITIALIZER));
      assertThat(params.getEpochs()).isEqualTo(settings.value(Keys.TRAIN_EPOCHS));
      assertThat(params.getBatchSize()).isEqualTo(settings.value(Keys.TRAIN_BATCH_SIZE).orElse(0));
      assertThat(params.getShuffle()).isEqualTo(settings.value(Keys.TRAIN_SHUFFLE));
      assertThat(params.getDropLast()).isEqualTo(settings.value(Keys.TRAIN_DROP_LAST));
      assertThat(params.getSeed()).isEqualTo(settings.value(Keys.TRAIN_SEED).longValue());
      assertThat(params.getWorkers()).isEqualTo(settings.value(Keys.TRAIN_WORKERS).orElse(0));
      assertThat(params.getAveragingPeriod())
          .isEqualTo(settings.value(Keys.TRAIN_AVERAGING_PERIOD).orElse(0));
      assertThat(params.getOptimizer()).isEqualTo(settings.value(Keys.OPTIMIZER_NAME));
      assertThat(params.getPatience()).isEqualTo(settings.value(Keys.EARLY_STOPPING_PATIENCE));
      assertThat(params.getMinDelta()).isEqualTo(settings.value(Keys.EARLY_STOPPING_MIN_DELTA));
      assertThat(params.getOnDivergence()).isEqualTo(settings.value(Keys.TRAIN_ON_DIVERGENCE));
      assertThat(params.getDivergenceFactor())
          .isEqualTo(settings.value(Keys.TRAIN_DIVERGENCE_FACTOR));
      assertThat(params.getRequireSameBlas()).isEqualTo(settings.value(Keys.BLAS_REQUIRE_SAME));
    }
  }

  @Test
  void onlyParamsOfSingleOptimizersAndColumnsHaveNoDefault() {
    NeuralNetworkRegressor stage = new NeuralNetworkRegressor();

    assertThat(stage.params())
        .filteredOn(param -> !stage.hasDefault(param))
        .extracting(Param::name)
        .containsExactly(
            "amsgrad",
            "beta1",
            "beta2",
            "dampening",
            "dl4jConfiguration",
            "eps",
            "learningRate",
            "momentum",
            "nesterov",
            "validationIndicatorCol",
            "weightCol",
            "weightDecay");
  }

  static Stream<Arguments> outOfRange() {
    return Stream.of(
        Arguments.of("activation", "softmax"),
        Arguments.of("dropout", 1.0),
        Arguments.of("dropout", -0.1),
        Arguments.of("dropout", Double.NaN),
        Arguments.of("initializer", "ones"),
        Arguments.of("epochs", 0),
        Arguments.of("batchSize", -1),
        Arguments.of("workers", -1),
        Arguments.of("averagingPeriod", -1),
        Arguments.of("optimizer", "SGD"),
        Arguments.of("learningRate", 0.0),
        Arguments.of("learningRate", Double.NaN),
        Arguments.of("learningRate", Double.POSITIVE_INFINITY),
        Arguments.of("weightDecay", -0.1),
        Arguments.of("momentum", -0.1),
        Arguments.of("dampening", Double.NaN),
        Arguments.of("beta1", 1.0),
        Arguments.of("beta2", -0.1),
        Arguments.of("eps", -1e-8),
        Arguments.of("patience", -1),
        Arguments.of("minDelta", -0.1),
        Arguments.of("onDivergence", "ignore"),
        Arguments.of("divergenceFactor", 1.0));
  }

  @ParameterizedTest
  @MethodSource("outOfRange")
  void aValueOutOfRangeIsRefusedAsByMllib(String param, Object value) {
    NeuralNetworkClassifier stage = new NeuralNetworkClassifier("mine");

    assertThatThrownBy(() -> stage.set(param, value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("mine parameter " + param + " given invalid value " + value + ".");
  }

  @Test
  void aHiddenLayerHasAWidth() {
    assertThatThrownBy(() -> new NeuralNetworkClassifier("mine").setHidden(new int[] {3, 0}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("mine parameter hidden given invalid value ");
  }

  @ParameterizedTest
  @MethodSource("noClassWeights")
  void classWeightsAreFiniteAndNotNegativeAndOneIsAboveZero(double[] weights) {
    assertThatThrownBy(() -> new NeuralNetworkClassifier("mine").setClassWeights(weights))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("mine parameter classWeights given invalid value ");
  }

  static Stream<double[]> noClassWeights() {
    return Stream.of(
        new double[] {1, -0.1},
        new double[] {1, Double.NaN},
        new double[] {1, Double.POSITIVE_INFINITY},
        new double[] {0, 0},
        new double[0]);
  }

  static Stream<Arguments> ownParams() {
    return Stream.<NeuralNetworkParams>of(
            new NeuralNetworkClassifier(), new NeuralNetworkRegressor())
        .flatMap(
            stage ->
                Stream.of(stage.params())
                    .filter(param -> isOurs(stage, param))
                    .map(param -> Arguments.of(stage, param)));
  }

  private static boolean isOurs(Params stage, Param<?> param) {
    return Stream.of(stage.getClass().getMethods())
        .filter(method -> method.getName().equals(param.name()))
        .anyMatch(method -> method.getDeclaringClass().getName().startsWith("dev.convene."));
  }

  @ParameterizedTest
  @MethodSource("ownParams")
  void everyParamTellsItsRangeAndItsDefault(NeuralNetworkParams stage, Param<?> param) {
    String explained = stage.explainParam(param);

    if (stage.hasDefault(param)) {
      assertThat(explained).endsWith(")").contains(" (default: ");
    } else {
      assertThat(explained).endsWith(" if not set (undefined)");
    }
    if (param instanceof BooleanParam) {
      assertThat(param.doc()).startsWith("whether to ");
    } else {
      assertThat(param.doc())
          .containsPattern("at least|above|in \\[|any |: \\w+(, | or )|column of|stop or");
    }
    assertThat(explained).doesNotContain("\n").doesNotContain("[I@").doesNotContain("[D@");
  }

  @Test
  void arraysAreExplainedByTheirNumbers() {
    NeuralNetworkClassifier stage =
        new NeuralNetworkClassifier()
            .setHidden(new int[] {256, 128})
            .setClassWeights(new double[] {1, 2.5});

    assertThat(stage.explainParams().lines())
        .contains(
            "hidden: widths of the hidden layers from input to output, each at least 1; none is "
                + "softmax or linear regression (default: [], current: [256,128])",
            "classWeights: weight of each class 0, 1, ..., K - 1, by which the weights of its rows "
                + "are multiplied, each at least 0 and one above 0; all 1 if not set "
                + "(current: [1.0,2.5])");
  }
}
