package dev.convene.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.config.Keys;
import dev.convene.config.Setting;
import dev.convene.config.Settings;
import dev.convene.ml.NeuralNetworkClassifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.spark.ml.param.Param;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A setting that is also a Param is passed on to the Estimator. */
class EverySettingTest {
  private static final List<Arguments> SETTINGS =
      List.of(
          row("data.weight=w", "weightCol", "w"),
          row("model.hidden=[3, 2]", "hidden", new int[] {3, 2}),
          row("model.activation=leaky-relu", "activation", "leaky-relu"),
          row("model.activation=leaky-relu model.leaky-slope=0.2", "leakySlope", 0.2),
          row("model.dropout=0.25", "dropout", 0.25),
          row("model.hidden=[3, 2] model.dropout=[0.25, 0]", "dropouts", new double[] {0.25, 0}),
          row("model.input-dropout=0.25", "inputDropout", 0.25),
          row("model.initializer=pytorch", "initializer", "pytorch"),
          row("model.initializer=xavier-normal model.initializer-gain=2", "initializerGain", 2.0),
          row(
              "model.initializer=kaiming-normal model.initializer-fan=out",
              "initializerFan",
              "out"),
          row("model.initializer=normal model.initializer-mean=0.5", "initializerMean", 0.5),
          row("model.initializer=normal model.initializer-std=0.5", "initializerStd", 0.5),
          row("model.initializer=uniform model.initializer-low=-1", "initializerLow", -1.0),
          row("model.initializer=uniform model.initializer-high=2", "initializerHigh", 2.0),
          row("model.balance-classes=true", "balanceClasses", true),
          row("train.epochs=7", "epochs", 7),
          row("train.batch-size=full", "batchSize", 0),
          row("train.batch-size=64", "batchSize", 64),
          row("train.batch-size-of=all", "batchSizeOf", "all"),
          row("train.label-smoothing=0.1", "labelSmoothing", 0.1),
          row("train.shuffle=false", "shuffle", false),
          row("train.drop-last=true", "dropLast", true),
          row("train.seed=12345678901", "seed", 12345678901L),
          row("train.workers=5", "workers", 5),
          row("train.averaging.method=block-momentum", "averagingMethod", "block-momentum"),
          row("train.averaging.period=8", "averagingPeriod", 8),
          row("train.averaging.period=epoch", "averagingPeriod", 0),
          row("train.averaging.growth=0.5", "averagingGrowth", 0.5),
          row("train.averaging.warm-start=0.5", "averagingWarmStart", 0.5),
          row("train.averaging.momentum=0.5", "averagingMomentum", 0.5),
          row("train.averaging.rate=0.5", "averagingRate", 0.5),
          row("train.optimizer.name=sgd", "optimizer", "sgd"),
          row("train.optimizer.learning-rate=0.5", "learningRate", 0.5),
          row("train.optimizer.weight-decay=0.01", "weightDecay", 0.01),
          row("train.optimizer.name=sgd train.optimizer.momentum=0.9", "momentum", 0.9),
          row("train.optimizer.name=sgd train.optimizer.dampening=0.5", "dampening", 0.5),
          row(
              "train.optimizer.name=sgd train.optimizer.momentum=0.9 train.optimizer.nesterov=true",
              "nesterov",
              true),
          row("train.optimizer.beta1=0.8", "beta1", 0.8),
          row("train.optimizer.beta2=0.99", "beta2", 0.99),
          row("train.optimizer.eps=1e-6", "eps", 1e-6),
          row("train.optimizer.amsgrad=true", "amsgrad", true),
          row("train.optimizer.name=adadelta train.optimizer.rho=0.8", "rho", 0.8),
          row("train.optimizer.name=adagrad train.optimizer.lr-decay=0.1", "lrDecay", 0.1),
          row("train.optimizer.name=rmsprop train.optimizer.alpha=0.9", "alpha", 0.9),
          row("train.optimizer.name=rmsprop train.optimizer.centered=true", "centered", true),
          row("train.optimizer.name=asgd train.optimizer.lambd=0.001", "lambd", 0.001),
          row("train.optimizer.name=asgd train.optimizer.t0=100.0", "t0", 100.0),
          row("train.optimizer.name=rprop train.optimizer.eta-minus=0.4", "etaMinus", 0.4),
          row("train.optimizer.name=rprop train.optimizer.eta-plus=1.5", "etaPlus", 1.5),
          row("train.optimizer.name=rprop train.optimizer.min-step=0.001", "minStep", 0.001),
          row("train.optimizer.name=rprop train.optimizer.max-step=2.0", "maxStep", 2.0),
          row("train.optimizer.name=lbfgs train.optimizer.history-size=7", "historySize", 7),
          row("train.learning-rate-schedule.name=cosine", "learningRateSchedule", "cosine"),
          row("train.learning-rate-schedule.unit=epoch", "scheduleUnit", "epoch"),
          row("train.learning-rate-schedule.warm-up=100", "warmUp", 100),
          row("train.learning-rate-schedule.warm-up-factor=0.25", "warmUpFactor", 0.25),
          row(
              "train.learning-rate-schedule.name=exponential train.learning-rate-schedule.gamma=0.5",
              "scheduleGamma",
              0.5),
          row(
              "train.learning-rate-schedule.name=step train.learning-rate-schedule.step-size=30",
              "scheduleStepSize",
              30),
          row(
              "train.learning-rate-schedule.name=multi-step train.learning-rate-schedule.milestones=[3, 5]",
              "scheduleMilestones",
              new int[] {3, 5}),
          row(
              "train.learning-rate-schedule.name=cosine train.learning-rate-schedule.t-max=50",
              "scheduleTMax",
              50),
          row(
              "train.learning-rate-schedule.name=cosine train.learning-rate-schedule.eta-min=0.0001",
              "scheduleEtaMin",
              0.0001),
          row(
              "train.learning-rate-schedule.name=one-cycle train.learning-rate-schedule.total-steps=70",
              "scheduleTotalSteps",
              70),
          row(
              "train.learning-rate-schedule.name=one-cycle train.learning-rate-schedule.pct-start=0.25",
              "schedulePctStart",
              0.25),
          row(
              "train.learning-rate-schedule.name=one-cycle train.learning-rate-schedule.anneal-strategy=linear",
              "scheduleAnnealStrategy",
              "linear"),
          row(
              "train.learning-rate-schedule.name=one-cycle train.learning-rate-schedule.div-factor=10",
              "scheduleDivFactor",
              10.0),
          row(
              "train.learning-rate-schedule.name=one-cycle train.learning-rate-schedule.final-div-factor=100",
              "scheduleFinalDivFactor",
              100.0),
          row(
              "train.learning-rate-schedule.name=one-cycle train.learning-rate-schedule.three-phase=true",
              "scheduleThreePhase",
              true),
          row(
              "train.learning-rate-schedule.name=reduce-on-plateau train.learning-rate-schedule.monitor=train-loss",
              "scheduleMonitor",
              "train-loss"),
          row(
              "train.learning-rate-schedule.name=reduce-on-plateau train.learning-rate-schedule.factor=0.5 data.validation-fraction=0.1",
              "scheduleFactor",
              0.5),
          row(
              "train.learning-rate-schedule.name=reduce-on-plateau train.learning-rate-schedule.patience=3 data.validation-fraction=0.1",
              "schedulePatience",
              3),
          row(
              "train.learning-rate-schedule.name=reduce-on-plateau train.learning-rate-schedule.threshold=0.01 data.validation-fraction=0.1",
              "scheduleThreshold",
              0.01),
          row(
              "train.learning-rate-schedule.name=reduce-on-plateau train.learning-rate-schedule.threshold-mode=abs data.validation-fraction=0.1",
              "scheduleThresholdMode",
              "abs"),
          row(
              "train.learning-rate-schedule.name=reduce-on-plateau train.learning-rate-schedule.cooldown=2 data.validation-fraction=0.1",
              "scheduleCooldown",
              2),
          row(
              "train.learning-rate-schedule.name=reduce-on-plateau train.learning-rate-schedule.min-lr=1e-5 data.validation-fraction=0.1",
              "scheduleMinLr",
              1e-5),
          row("train.l1=0.001", "l1", 0.001),
          row("train.clip-norm=1.5", "clipNorm", 1.5),
          row("train.clip-value=0.5", "clipValue", 0.5),
          row("train.max-norm=2.0", "maxNorm", 2.0),
          row("train.moving-average=0.99", "movingAverage", 0.99),
          row("train.early-stopping.metric=macro-f1", "earlyStoppingMetric", "macro-f1"),
          row("train.max-seconds=60", "maxSeconds", 60.0),
          row("train.early-stopping.patience=4 data.validation-fraction=0.1", "patience", 4),
          row("train.early-stopping.min-delta=0.001", "minDelta", 0.001),
          row("train.checkpoint.dir=/checkpoints", "checkpointDir", "/checkpoints"),
          row("train.checkpoint.every-rounds=5", "checkpointEveryRounds", 5),
          row("train.checkpoint.every-seconds=60", "checkpointEverySeconds", 60.0),
          row("train.checkpoint.keep=3", "keepCheckpoints", 3),
          row("train.checkpoint.on-mismatch=restart", "onCheckpointMismatch", "restart"),
          row("train.trainer=dl4j", "trainer", "dl4j"),
          row("train.on-divergence=continue", "onDivergence", "continue"),
          row("train.divergence-factor=20", "divergenceFactor", 20.0),
          row("blas.require-same=true", "requireSameBlas", true));

  private static Arguments row(String overrides, String param, Object value) {
    return Arguments.of(overrides, param, value);
  }

  static List<Arguments> settings() {
    return SETTINGS;
  }

  @ParameterizedTest
  @MethodSource("settings")
  void aSettingReachesTheEstimator(String overrides, String param, Object value) {
    NeuralNetworkClassifier estimator = configured(Arrays.asList(overrides.split(" (?=\\w+\\.)")));

    Param<Object> reached = estimator.getParam(param);
    assertThat(estimator.get(reached).get()).isEqualTo(value);
    assertThat(estimator.hasDefault(reached) ? estimator.getDefault(reached).get() : null)
        .isNotEqualTo(value);
  }

  @Test
  void everySettingWithAParamIsAmongThem() {
    List<String> params = new ArrayList<>();
    Keys.ofParams().stream().map(Setting::paramName).flatMap(Optional::stream).forEach(params::add);
    Keys.ofParams().stream()
        .map(Setting::listParamName)
        .flatMap(Optional::stream)
        .forEach(params::add);

    assertThat(SETTINGS.stream().map(row -> (String) row.get()[1]))
        .containsAll(params)
        .allMatch(new TreeSet<>(params)::contains);
  }

  @Test
  void whatNobodyGivesIsNotSet() {
    NeuralNetworkClassifier estimator = configured(List.of());

    assertThat(estimator.params()).filteredOn(estimator::isSet).isEmpty();
  }

  private static NeuralNetworkClassifier configured(List<String> overrides) {
    NeuralNetworkClassifier estimator = new NeuralNetworkClassifier();
    new ConfiguredEstimator(Settings.load(null, overrides), Optional.empty(), null)
        .configure(estimator, Optional.empty());
    return estimator;
  }
}
