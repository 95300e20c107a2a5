package dev.convene.ml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.config.Keys;
import dev.convene.config.Setting;
import dev.convene.config.WorkersPlan;
import dev.convene.nn.Loss;
import dev.convene.train.Learner;
import dev.convene.train.TrainingPlan;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.ml.param.Param;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A Param of training decides what is trained, and how. */
class EveryParamTest {
  /** Where other Params go: to the rows, the shards, the BLAS of executors and the model. */
  private static final Set<String> OF_ROWS_AND_MODEL =
      Set.of(
          "balanceClasses",
          "checkpointDir",
          "checkpointEveryRounds",
          "checkpointEverySeconds",
          "classWeights",
          "dl4jConfiguration",
          "featuresCol",
          "keepCheckpoints",
          "labelCol",
          "onCheckpointMismatch",
          "predictionCol",
          "probabilityCol",
          "rawPredictionCol",
          "requireSameBlas",
          "thresholds",
          "trainer",
          "validationIndicatorCol",
          "weightCol",
          "workers");

  private static final List<Arguments> PARAMS =
      List.of(
          Arguments.of("hidden", new int[] {3}),
          Arguments.of("activation", "tanh"),
          Arguments.of("leakySlope", 0.2),
          Arguments.of("dropout", 0.25),
          Arguments.of("dropouts", new double[] {0.25}),
          Arguments.of("inputDropout", 0.25),
          Arguments.of("initializer", "pytorch"),
          Arguments.of("initializerGain", 2.0),
          Arguments.of("initializerFan", "out"),
          Arguments.of("initializerMean", 0.5),
          Arguments.of("initializerStd", 0.5),
          Arguments.of("initializerLow", -1.0),
          Arguments.of("initializerHigh", 2.0),
          Arguments.of("epochs", 7),
          Arguments.of("batchSize", 0),
          Arguments.of("batchSizeOf", "all"),
          Arguments.of("labelSmoothing", 0.1),
          Arguments.of("shuffle", false),
          Arguments.of("dropLast", true),
          Arguments.of("seed", 5L),
          Arguments.of("averagingMethod", "block-momentum"),
          Arguments.of("averagingPeriod", 8),
          Arguments.of("averagingGrowth", 0.5),
          Arguments.of("averagingWarmStart", 0.5),
          Arguments.of("averagingMomentum", 0.5),
          Arguments.of("averagingRate", 0.5),
          Arguments.of("optimizer", "sgd"),
          Arguments.of("learningRate", 0.5),
          Arguments.of("weightDecay", 0.01),
          Arguments.of("momentum", 0.5),
          Arguments.of("dampening", 0.5),
          Arguments.of("nesterov", true),
          Arguments.of("beta1", 0.8),
          Arguments.of("beta2", 0.99),
          Arguments.of("eps", 1e-6),
          Arguments.of("amsgrad", true),
          Arguments.of("rho", 0.8),
          Arguments.of("lrDecay", 0.1),
          Arguments.of("alpha", 0.9),
          Arguments.of("centered", true),
          Arguments.of("lambd", 0.001),
          Arguments.of("t0", 100.0),
          Arguments.of("etaMinus", 0.4),
          Arguments.of("etaPlus", 1.5),
          Arguments.of("minStep", 0.001),
          Arguments.of("maxStep", 2.0),
          Arguments.of("historySize", 7),
          Arguments.of("learningRateSchedule", "cosine"),
          Arguments.of("scheduleUnit", "epoch"),
          Arguments.of("warmUp", 100),
          Arguments.of("warmUpFactor", 0.25),
          Arguments.of("scheduleGamma", 0.5),
          Arguments.of("scheduleStepSize", 30),
          Arguments.of("scheduleMilestones", new int[] {3, 5}),
          Arguments.of("scheduleTMax", 50),
          Arguments.of("scheduleEtaMin", 0.0001),
          Arguments.of("scheduleTotalSteps", 70),
          Arguments.of("schedulePctStart", 0.25),
          Arguments.of("scheduleAnnealStrategy", "linear"),
          Arguments.of("scheduleDivFactor", 10.0),
          Arguments.of("scheduleFinalDivFactor", 100.0),
          Arguments.of("scheduleThreePhase", true),
          Arguments.of("scheduleMonitor", "train-loss"),
          Arguments.of("scheduleFactor", 0.5),
          Arguments.of("schedulePatience", 3),
          Arguments.of("scheduleThreshold", 0.01),
          Arguments.of("scheduleThresholdMode", "abs"),
          Arguments.of("scheduleCooldown", 2),
          Arguments.of("scheduleMinLr", 1e-5),
          Arguments.of("l1", 0.001),
          Arguments.of("clipNorm", 1.5),
          Arguments.of("clipValue", 0.5),
          Arguments.of("maxNorm", 2.0),
          Arguments.of("movingAverage", 0.99),
          Arguments.of("earlyStoppingMetric", "macro-f1"),
          Arguments.of("maxSeconds", 60.0),
          Arguments.of("patience", 4),
          Arguments.of("minDelta", 0.001),
          Arguments.of("onDivergence", "continue"),
          Arguments.of("divergenceFactor", 20.0));

  /** The optimizer, schedule and so on that has the Param, where the default one has not. */
  private static final Map<String, String> CHOICES =
      Map.ofEntries(
          Map.entry("averagingWarmStart", "block-momentum"),
          Map.entry("averagingMomentum", "block-momentum"),
          Map.entry("averagingRate", "block-momentum"),
          Map.entry("leakySlope", "leaky-relu"),
          Map.entry("initializerGain", "xavier-normal"),
          Map.entry("initializerFan", "kaiming-normal"),
          Map.entry("initializerMean", "normal"),
          Map.entry("initializerStd", "normal"),
          Map.entry("initializerLow", "uniform"),
          Map.entry("initializerHigh", "uniform"),
          Map.entry("momentum", "sgd"),
          Map.entry("dampening", "sgd"),
          Map.entry("nesterov", "sgd"),
          Map.entry("rho", "adadelta"),
          Map.entry("lrDecay", "adagrad"),
          Map.entry("alpha", "rmsprop"),
          Map.entry("centered", "rmsprop"),
          Map.entry("lambd", "asgd"),
          Map.entry("t0", "asgd"),
          Map.entry("etaMinus", "rprop"),
          Map.entry("etaPlus", "rprop"),
          Map.entry("minStep", "rprop"),
          Map.entry("maxStep", "rprop"),
          Map.entry("historySize", "lbfgs"),
          Map.entry("scheduleGamma", "exponential"),
          Map.entry("scheduleStepSize", "step"),
          Map.entry("scheduleMilestones", "multi-step"),
          Map.entry("scheduleTMax", "cosine"),
          Map.entry("scheduleEtaMin", "cosine"),
          Map.entry("scheduleTotalSteps", "one-cycle"),
          Map.entry("schedulePctStart", "one-cycle"),
          Map.entry("scheduleAnnealStrategy", "one-cycle"),
          Map.entry("scheduleDivFactor", "one-cycle"),
          Map.entry("scheduleFinalDivFactor", "one-cycle"),
          Map.entry("scheduleThreePhase", "one-cycle"),
          Map.entry("scheduleMonitor", "reduce-on-plateau"),
          Map.entry("scheduleFactor", "reduce-on-plateau"),
          Map.entry("schedulePatience", "reduce-on-plateau"),
          Map.entry("scheduleThreshold", "reduce-on-plateau"),
          Map.entry("scheduleThresholdMode", "reduce-on-plateau"),
          Map.entry("scheduleCooldown", "reduce-on-plateau"),
          Map.entry("scheduleMinLr", "reduce-on-plateau"));

  static List<Arguments> params() {
    return PARAMS;
  }

  private record Training(TrainingPlan plan, Learner learner) {
    static Training of(NeuralNetworkClassifier params) {
      return new Training(
          new NetworkFitting(params, FitOptions.DEFAULT)
              .plan(new WorkersPlan(new ChosenParams(params), List.of(500, 500))),
          NetworkSetup.learner(params, 4, 3, Loss.SOFTMAX_CROSS_ENTROPY));
    }
  }

  @ParameterizedTest
  @MethodSource("params")
  void aParamChangesTheTraining(String param, Object value) {
    NeuralNetworkClassifier params = standard(param);
    Training without = Training.of(params);

    params.set(param, value);

    assertThat(Training.of(params)).isNotEqualTo(without);
    assertThat(without).isEqualTo(Training.of(standard(param)));
  }

  /** With a hidden layer, which dropout and activation need to matter. */
  private static NeuralNetworkClassifier standard(String param) {
    NeuralNetworkClassifier params = new NeuralNetworkClassifier().setHidden(new int[] {2});
    if (CHOICES.containsKey(param)) {
      String choice = Keys.ofParam(param).choice().flatMap(Setting::paramName).orElseThrow();
      params.set(choice, CHOICES.get(param));
    }
    return params;
  }

  @Test
  void allOthersAreOfRowsAndModel() {
    Set<String> others = new TreeSet<>();
    Arrays.stream(new NeuralNetworkClassifier().params()).map(Param::name).forEach(others::add);
    PARAMS.forEach(row -> others.remove((String) row.get()[0]));

    assertThat(others).isEqualTo(OF_ROWS_AND_MODEL);
  }
}
