package dev.convene.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.ConveneException;
import dev.convene.config.Keys;
import dev.convene.config.Setting;
import dev.convene.config.Settings;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NeuralNetworkParamsTest {
  static Stream<Setting<?>> settingsOfParams() {
    return Keys.ofParams().stream();
  }

  @ParameterizedTest
  @MethodSource("settingsOfParams")
  void aParamHasNameMeaningAndDefaultOfItsSetting(Setting<?> setting) {
    NeuralNetworkClassifier stage = new NeuralNetworkClassifier();
    Param<Object> param = stage.getParam(setting.paramName().orElseThrow());

    assertThat(param.doc()).startsWith(setting.doc()).endsWith(".").doesNotContain("\n");
    if (setting.choice().isPresent()) {
      assertThat(param.doc()).contains(" If not set: ");
    } else if (stage.hasDefault(param)) {
      Object standard = stage.getDefault(param).get();
      assertThat(setting.fromParam(standard).map(Object::toString))
          .hasValue(Settings.load(null, List.of()).value(setting).toString());
    }
  }

  @Test
  void onlyParamsOfSingleChoicesAndColumnsHaveNoDefault() {
    NeuralNetworkRegressor stage = new NeuralNetworkRegressor();

    assertThat(stage.params())
        .filteredOn(param -> !stage.hasDefault(param))
        .extracting(Param::name)
        .containsExactly(
            "alpha",
            "amsgrad",
            "averagingMomentum",
            "averagingRate",
            "averagingWarmStart",
            "beta1",
            "beta2",
            "centered",
            "checkpointDir",
            "dampening",
            "dl4jConfiguration",
            "dropouts",
            "eps",
            "etaMinus",
            "etaPlus",
            "historySize",
            "initializerFan",
            "initializerGain",
            "initializerHigh",
            "initializerLow",
            "initializerMean",
            "initializerStd",
            "lambd",
            "leakySlope",
            "learningRate",
            "lrDecay",
            "maxStep",
            "minStep",
            "momentum",
            "nesterov",
            "rho",
            "scheduleAnnealStrategy",
            "scheduleCooldown",
            "scheduleDivFactor",
            "scheduleEtaMin",
            "scheduleFactor",
            "scheduleFinalDivFactor",
            "scheduleGamma",
            "scheduleMilestones",
            "scheduleMinLr",
            "scheduleMonitor",
            "schedulePatience",
            "schedulePctStart",
            "scheduleStepSize",
            "scheduleTMax",
            "scheduleThreePhase",
            "scheduleThreshold",
            "scheduleThresholdMode",
            "scheduleTotalSteps",
            "t0",
            "validationIndicatorCol",
            "weightCol",
            "weightDecay");
  }

  static Stream<Arguments> outOfRange() {
    return Stream.of(
        Arguments.of("activation", "softmax"),
        Arguments.of("leakySlope", 1.0),
        Arguments.of("dropout", 1.0),
        Arguments.of("dropout", -0.1),
        Arguments.of("dropout", Double.NaN),
        Arguments.of("inputDropout", 1.0),
        Arguments.of("labelSmoothing", 1.0),
        Arguments.of("labelSmoothing", -0.1),
        Arguments.of("batchSizeOf", "global"),
        Arguments.of("initializer", "ones"),
        Arguments.of("initializerGain", 0.0),
        Arguments.of("initializerFan", "average"),
        Arguments.of("initializerMean", Double.NaN),
        Arguments.of("initializerStd", -0.1),
        Arguments.of("initializerLow", Double.NEGATIVE_INFINITY),
        Arguments.of("initializerHigh", Double.POSITIVE_INFINITY),
        Arguments.of("epochs", 0),
        Arguments.of("batchSize", -1),
        Arguments.of("workers", -1),
        Arguments.of("averagingMethod", "mean"),
        Arguments.of("averagingPeriod", -2),
        Arguments.of("averagingGrowth", -0.1),
        Arguments.of("averagingWarmStart", -0.1),
        Arguments.of("averagingMomentum", 1.0),
        Arguments.of("averagingRate", 0.0),
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
        Arguments.of("learningRateSchedule", "linear"),
        Arguments.of("scheduleGamma", 0.0),
        Arguments.of("scheduleStepSize", 0),
        Arguments.of("schedulePctStart", 1.0),
        Arguments.of("scheduleMinLr", -0.1),
        Arguments.of("warmUp", -1),
        Arguments.of("warmUpFactor", 1.1),
        Arguments.of("l1", -0.1),
        Arguments.of("clipNorm", -1.0),
        Arguments.of("clipValue", Double.NaN),
        Arguments.of("maxNorm", -1.0),
        Arguments.of("movingAverage", 1.0),
        Arguments.of("earlyStoppingMetric", "f1"),
        Arguments.of("maxSeconds", -1.0),
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

  @Test
  void ratesOfDropoutAreBelow1AndForAllLayersOrForEach() {
    NeuralNetworkClassifier stage = new NeuralNetworkClassifier("mine").setHidden(new int[] {3, 2});
    assertThatThrownBy(() -> stage.setDropouts(new double[] {0.5, 1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("mine parameter dropouts given invalid value ");

    ChosenParams chosen = new ChosenParams(stage.setDropouts(new double[] {0.5, 0.1}));
    assertThat(chosen.value(Keys.MODEL_DROPOUT).ofLayers(2)).containsExactly(0.5, 0.1);
    assertThat(chosen.described(Keys.MODEL_DROPOUT)).isEqualTo("dropouts = [0.5,0.1]");

    stage.setDropout(0.3);
    assertThatThrownBy(() -> chosen.value(Keys.MODEL_DROPOUT))
        .isInstanceOf(ConveneException.class)
        .hasMessage("dropout and dropouts exclude each other: clear one");
    stage.clear(stage.dropouts());
    assertThat(chosen.value(Keys.MODEL_DROPOUT).ofLayers(2)).containsExactly(0.3, 0.3);
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
  void everyParamIsExplainedInALineWithItsDefault(NeuralNetworkParams stage, Param<?> param) {
    String explained = stage.explainParam(param);

    assertThat(explained).endsWith(")").doesNotContain("\n", "[I@", "[D@");
    if (stage.hasDefault(param)) {
      assertThat(explained).contains(" (default: ");
    } else {
      assertThat(explained).containsIgnoringCase("if not set").endsWith("(undefined)");
    }
  }

  @Test
  void arraysAreExplainedByTheirNumbers() {
    NeuralNetworkClassifier stage =
        new NeuralNetworkClassifier()
            .setHidden(new int[] {256, 128})
            .setClassWeights(new double[] {1, 2.5});

    assertThat(stage.explainParams().lines())
        .contains(
            "hidden: Widths of the hidden layers, each at least 1. [] is softmax (or linear)"
                + " regression. (default: [], current: [256,128])",
            "classWeights: weight of each class 0, 1, ..., K - 1, by which the weights of its rows "
                + "are multiplied, each at least 0 and one above 0; all 1 if not set "
                + "(current: [1.0,2.5])");
  }
}
