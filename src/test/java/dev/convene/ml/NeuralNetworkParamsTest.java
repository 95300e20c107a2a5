package dev.convene.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.config.Keys;
import dev.convene.config.Settings;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.param.Param;
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
            "eps",
            "learningRate",
            "momentum",
            "nesterov",
            "validationIndicatorCol",
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
        Arguments.of("weightDecay", -0.1),
        Arguments.of("momentum", -0.1),
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
}
