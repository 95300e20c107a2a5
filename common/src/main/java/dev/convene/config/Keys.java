package dev.convene.config;

import static dev.convene.config.Range.ANY;
import static dev.convene.config.Range.FROM_0_TO_1;
import static dev.convene.config.Range.SHARE;
import static dev.convene.config.Range.WITHIN_0_AND_1;
import static dev.convene.config.Range.above;
import static dev.convene.config.Range.atLeast;
import static dev.convene.config.ValueType.choice;
import static dev.convene.config.ValueType.date;
import static dev.convene.config.ValueType.decimal;
import static dev.convene.config.ValueType.decimalsByName;
import static dev.convene.config.ValueType.flag;
import static dev.convene.config.ValueType.integer;
import static dev.convene.config.ValueType.integerOr;
import static dev.convene.config.ValueType.integers;
import static dev.convene.config.ValueType.integersByName;
import static dev.convene.config.ValueType.longInteger;
import static dev.convene.config.ValueType.rates;
import static dev.convene.config.ValueType.searchSpace;
import static dev.convene.config.ValueType.text;
import static dev.convene.config.ValueType.texts;
import static dev.convene.config.ValueType.textsByName;

import dev.convene.nn.Fan;
import dev.convene.preprocess.Missing;
import dev.convene.preprocess.Normalizer;
import dev.convene.preprocess.Scaler;
import dev.convene.preprocess.UnseenCategory;
import dev.convene.train.NetworkKind;
import dev.convene.train.TrainingBackend;
import dev.convene.train.ValidationMetric;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** Every setting, in the order of conf/reference.conf, which holds its default and its meaning. */
public final class Keys {
  private static final List<Setting<?>> DECLARED = new ArrayList<>();

  public static final Setting<String> DATA_FORMAT = declare(setting("data.format", text()));
  public static final Setting<List<String>> DATA_TRAIN = declare(setting("data.train", texts()));
  public static final Setting<List<String>> DATA_TEST = declare(setting("data.test", texts()));
  public static final Setting<List<String>> DATA_VALIDATION =
      declare(setting("data.validation", texts()));
  public static final Setting<Double> DATA_VALIDATION_FRACTION =
      declare(setting("data.validation-fraction", decimal(SHARE)));
  public static final Setting<Double> DATA_TEST_FRACTION =
      declare(setting("data.test-fraction", decimal(SHARE)));
  public static final Setting<Boolean> DATA_STRATIFY = declare(setting("data.stratify", flag()));
  public static final Setting<Map<String, String>> DATA_OPTIONS =
      declare(setting("data.options", textsByName()));
  public static final Setting<List<String>> DATA_COLUMNS =
      declare(setting("data.columns", texts()));
  public static final Setting<Map<String, String>> DATA_DERIVE =
      declare(setting("data.derive", textsByName()));
  public static final Setting<List<String>> DATA_LABEL = declare(setting("data.label", texts()));
  public static final Setting<List<String>> DATA_FEATURES =
      declare(setting("data.features", texts()));
  public static final Setting<List<String>> DATA_CATEGORICAL =
      declare(setting("data.categorical", texts()));
  public static final Setting<Optional<String>> DATA_WEIGHT =
      declare(setting("data.weight", text().optional()).param("weightCol"));
  public static final Setting<Optional<String>> DATA_CACHE =
      declare(setting("data.cache", text().optional()));

  public static final Setting<Double> PREPROCESS_DIVIDE_BY =
      declare(setting("preprocess.divide-by", decimal(above(0))));
  public static final Setting<Scaler> PREPROCESS_SCALER =
      declare(setting("preprocess.scaler", choice(Scaler.class)));
  public static final Setting<List<String>> PREPROCESS_SCALED_COLUMNS =
      declare(setting("preprocess.scaled-columns", texts()));
  public static final Setting<Missing> PREPROCESS_MISSING =
      declare(setting("preprocess.missing", choice(Missing.class)));
  public static final Setting<Double> PREPROCESS_MISSING_CONSTANT =
      declare(setting("preprocess.missing-constant", decimal(ANY)));
  public static final Setting<Boolean> PREPROCESS_MISSING_INDICATOR =
      declare(setting("preprocess.missing-indicator", flag()));
  public static final Setting<Map<String, Integer>> PREPROCESS_BINNED =
      declare(setting("preprocess.binned", integersByName(atLeast(2))));
  public static final Setting<Integer> PREPROCESS_MIN_CATEGORY_COUNT =
      declare(setting("preprocess.min-category-count", integer(atLeast(1))));
  public static final Setting<UnseenCategory> PREPROCESS_UNSEEN_CATEGORY =
      declare(setting("preprocess.unseen-category", choice(UnseenCategory.class)));
  public static final Setting<Map<String, Integer>> PREPROCESS_HASHED =
      declare(setting("preprocess.hashed", integersByName(atLeast(1))));
  public static final Setting<Normalizer> PREPROCESS_NORMALIZER =
      declare(setting("preprocess.normalizer", choice(Normalizer.class)));

  public static final Setting<String> MODEL_TASK =
      declare(setting("model.task", choice("classification", "regression")));
  public static final Setting<List<Integer>> MODEL_HIDDEN =
      declare(setting("model.hidden", integers(atLeast(1))).param("hidden"));
  public static final Setting<ActivationKind> MODEL_ACTIVATION =
      declare(setting("model.activation", choice(ActivationKind.class)).param("activation"));
  public static final Setting<Double> MODEL_LEAKY_SLOPE =
      declare(
          setting("model.leaky-slope", decimal(SHARE)).param("leakySlope").of(MODEL_ACTIVATION));
  public static final Setting<LayerRates> MODEL_DROPOUT =
      declare(setting("model.dropout", rates(SHARE)).param("dropout").listParam("dropouts"));
  public static final Setting<Double> MODEL_INPUT_DROPOUT =
      declare(setting("model.input-dropout", decimal(SHARE)).param("inputDropout"));
  public static final Setting<InitializerKind> MODEL_INITIALIZER =
      declare(setting("model.initializer", choice(InitializerKind.class)).param("initializer"));
  public static final Setting<Double> INITIALIZER_GAIN =
      declare(
          setting("model.initializer-gain", decimal(above(0)))
              .param("initializerGain")
              .of(MODEL_INITIALIZER));
  public static final Setting<Fan> INITIALIZER_FAN =
      declare(
          setting("model.initializer-fan", choice(Fan.class))
              .param("initializerFan")
              .of(MODEL_INITIALIZER));
  public static final Setting<Double> INITIALIZER_MEAN =
      declare(
          setting("model.initializer-mean", decimal(ANY))
              .param("initializerMean")
              .of(MODEL_INITIALIZER));
  public static final Setting<Double> INITIALIZER_STD =
      declare(
          setting("model.initializer-std", decimal(atLeast(0)))
              .param("initializerStd")
              .of(MODEL_INITIALIZER));
  public static final Setting<Double> INITIALIZER_LOW =
      declare(
          setting("model.initializer-low", decimal(ANY))
              .param("initializerLow")
              .of(MODEL_INITIALIZER));
  public static final Setting<Double> INITIALIZER_HIGH =
      declare(
          setting("model.initializer-high", decimal(ANY))
              .param("initializerHigh")
              .of(MODEL_INITIALIZER));
  public static final Setting<Optional<String>> MODEL_DL4J_CONFIGURATION =
      declare(setting("model.dl4j-configuration", text().optional()).knownAs("dl4jConfiguration"));
  public static final Setting<Boolean> MODEL_BALANCE_CLASSES =
      declare(setting("model.balance-classes", flag()).param("balanceClasses"));
  public static final Setting<Map<String, Double>> MODEL_CLASS_WEIGHTS =
      declare(setting("model.class-weights", decimalsByName(atLeast(0))).knownAs("classWeights"));
  public static final Setting<Map<String, Double>> MODEL_THRESHOLDS =
      declare(setting("model.thresholds", decimalsByName(atLeast(0))).knownAs("thresholds"));

  public static final Setting<Integer> TRAIN_EPOCHS =
      declare(setting("train.epochs", integer(atLeast(1))).param("epochs"));

  /** Empty: full. */
  public static final Setting<OptionalInt> TRAIN_BATCH_SIZE =
      declare(setting("train.batch-size", integerOr("full", atLeast(1))).param("batchSize"));

  public static final Setting<String> TRAIN_BATCH_SIZE_OF =
      declare(setting("train.batch-size-of", choice("auto", "worker", "all")).param("batchSizeOf"));
  public static final Setting<Double> TRAIN_LABEL_SMOOTHING =
      declare(setting("train.label-smoothing", decimal(SHARE)).param("labelSmoothing"));
  public static final Setting<Boolean> TRAIN_SHUFFLE =
      declare(setting("train.shuffle", flag()).param("shuffle"));
  public static final Setting<Boolean> TRAIN_DROP_LAST =
      declare(setting("train.drop-last", flag()).param("dropLast"));
  public static final Setting<Long> TRAIN_SEED =
      declare(setting("train.seed", longInteger()).param("seed"));

  /** Empty: auto. */
  public static final Setting<OptionalInt> TRAIN_WORKERS =
      declare(setting("train.workers", integerOr("auto", atLeast(1))).param("workers"));

  public static final Setting<AveragingMethod> AVERAGING_METHOD =
      declare(
          setting("train.averaging.method", choice(AveragingMethod.class))
              .param("averagingMethod"));

  /** Empty: epoch; -1: auto. */
  public static final Setting<OptionalInt> AVERAGING_PERIOD =
      declare(
          setting("train.averaging.period", integerOr(List.of("epoch", "auto"), atLeast(1)))
              .param("averagingPeriod"));

  public static final Setting<Double> AVERAGING_GROWTH =
      declare(setting("train.averaging.growth", decimal(atLeast(0))).param("averagingGrowth"));
  public static final Setting<Double> AVERAGING_WARM_START =
      declare(
          setting("train.averaging.warm-start", decimal(atLeast(0)))
              .param("averagingWarmStart")
              .of(AVERAGING_METHOD));
  public static final Setting<Double> AVERAGING_MOMENTUM =
      declare(
          setting("train.averaging.momentum", decimal(SHARE))
              .param("averagingMomentum")
              .of(AVERAGING_METHOD));
  public static final Setting<Double> AVERAGING_RATE =
      declare(
          setting("train.averaging.rate", decimal(above(0)))
              .param("averagingRate")
              .of(AVERAGING_METHOD));

  public static final Setting<OptimizerKind> OPTIMIZER_NAME =
      declare(setting("train.optimizer.name", choice(OptimizerKind.class)).param("optimizer"));

  // Reading one that what is chosen does not have is a defect, here and below.
  public static final Setting<Double> OPTIMIZER_LEARNING_RATE =
      declare(
          setting("train.optimizer.learning-rate", decimal(above(0)))
              .param("learningRate")
              .of(OPTIMIZER_NAME));
  public static final Setting<Double> OPTIMIZER_WEIGHT_DECAY =
      declare(
          setting("train.optimizer.weight-decay", decimal(atLeast(0)))
              .param("weightDecay")
              .of(OPTIMIZER_NAME));
  public static final Setting<Double> OPTIMIZER_MOMENTUM =
      declare(
          setting("train.optimizer.momentum", decimal(atLeast(0)))
              .param("momentum")
              .of(OPTIMIZER_NAME));
  public static final Setting<Double> OPTIMIZER_DAMPENING =
      declare(
          setting("train.optimizer.dampening", decimal(ANY)).param("dampening").of(OPTIMIZER_NAME));
  public static final Setting<Boolean> OPTIMIZER_NESTEROV =
      declare(setting("train.optimizer.nesterov", flag()).param("nesterov").of(OPTIMIZER_NAME));
  public static final Setting<Double> OPTIMIZER_BETA1 =
      declare(setting("train.optimizer.beta1", decimal(SHARE)).param("beta1").of(OPTIMIZER_NAME));
  public static final Setting<Double> OPTIMIZER_BETA2 =
      declare(setting("train.optimizer.beta2", decimal(SHARE)).param("beta2").of(OPTIMIZER_NAME));
  public static final Setting<Double> OPTIMIZER_EPS =
      declare(setting("train.optimizer.eps", decimal(atLeast(0))).param("eps").of(OPTIMIZER_NAME));
  public static final Setting<Boolean> OPTIMIZER_AMSGRAD =
      declare(setting("train.optimizer.amsgrad", flag()).param("amsgrad").of(OPTIMIZER_NAME));
  public static final Setting<Double> OPTIMIZER_RHO =
      declare(setting("train.optimizer.rho", decimal(SHARE)).param("rho").of(OPTIMIZER_NAME));
  public static final Setting<Double> OPTIMIZER_LR_DECAY =
      declare(
          setting("train.optimizer.lr-decay", decimal(atLeast(0)))
              .param("lrDecay")
              .of(OPTIMIZER_NAME));
  public static final Setting<Double> OPTIMIZER_ALPHA =
      declare(
          setting("train.optimizer.alpha", decimal(atLeast(0))).param("alpha").of(OPTIMIZER_NAME));
  public static final Setting<Boolean> OPTIMIZER_CENTERED =
      declare(setting("train.optimizer.centered", flag()).param("centered").of(OPTIMIZER_NAME));
  public static final Setting<Double> OPTIMIZER_LAMBD =
      declare(
          setting("train.optimizer.lambd", decimal(atLeast(0))).param("lambd").of(OPTIMIZER_NAME));
  public static final Setting<Double> OPTIMIZER_T0 =
      declare(setting("train.optimizer.t0", decimal(atLeast(0))).param("t0").of(OPTIMIZER_NAME));
  public static final Setting<Double> OPTIMIZER_ETA_MINUS =
      declare(
          setting("train.optimizer.eta-minus", decimal(WITHIN_0_AND_1))
              .param("etaMinus")
              .of(OPTIMIZER_NAME));
  public static final Setting<Double> OPTIMIZER_ETA_PLUS =
      declare(
          setting("train.optimizer.eta-plus", decimal(above(1)))
              .param("etaPlus")
              .of(OPTIMIZER_NAME));
  public static final Setting<Double> OPTIMIZER_MIN_STEP =
      declare(
          setting("train.optimizer.min-step", decimal(atLeast(0)))
              .param("minStep")
              .of(OPTIMIZER_NAME));
  public static final Setting<Double> OPTIMIZER_MAX_STEP =
      declare(
          setting("train.optimizer.max-step", decimal(above(0)))
              .param("maxStep")
              .of(OPTIMIZER_NAME));

  public static final Setting<Integer> OPTIMIZER_HISTORY_SIZE =
      declare(
          setting("train.optimizer.history-size", integer(atLeast(1)))
              .param("historySize")
              .of(OPTIMIZER_NAME));

  public static final Setting<ScheduleKind> SCHEDULE_NAME =
      declare(
          setting("train.learning-rate-schedule.name", choice(ScheduleKind.class))
              .param("learningRateSchedule"));
  public static final Setting<String> SCHEDULE_UNIT =
      declare(
          setting("train.learning-rate-schedule.unit", choice("step", "epoch"))
              .param("scheduleUnit"));
  public static final Setting<Integer> SCHEDULE_WARM_UP =
      declare(setting("train.learning-rate-schedule.warm-up", integer(atLeast(0))).param("warmUp"));
  public static final Setting<Double> SCHEDULE_WARM_UP_FACTOR =
      declare(
          setting("train.learning-rate-schedule.warm-up-factor", decimal(FROM_0_TO_1))
              .param("warmUpFactor"));
  public static final Setting<Double> SCHEDULE_GAMMA =
      declare(
          setting("train.learning-rate-schedule.gamma", decimal(above(0)))
              .param("scheduleGamma")
              .of(SCHEDULE_NAME));
  public static final Setting<Integer> SCHEDULE_STEP_SIZE =
      declare(
          setting("train.learning-rate-schedule.step-size", integer(atLeast(1)))
              .param("scheduleStepSize")
              .of(SCHEDULE_NAME));
  public static final Setting<List<Integer>> SCHEDULE_MILESTONES =
      declare(
          setting("train.learning-rate-schedule.milestones", integers(atLeast(1)))
              .param("scheduleMilestones")
              .of(SCHEDULE_NAME));
  public static final Setting<OptionalInt> SCHEDULE_T_MAX =
      declare(
          setting("train.learning-rate-schedule.t-max", integerOr("all", atLeast(1)))
              .param("scheduleTMax")
              .of(SCHEDULE_NAME));
  public static final Setting<Double> SCHEDULE_ETA_MIN =
      declare(
          setting("train.learning-rate-schedule.eta-min", decimal(atLeast(0)))
              .param("scheduleEtaMin")
              .of(SCHEDULE_NAME));
  public static final Setting<OptionalInt> SCHEDULE_TOTAL_STEPS =
      declare(
          setting("train.learning-rate-schedule.total-steps", integerOr("all", atLeast(1)))
              .param("scheduleTotalSteps")
              .of(SCHEDULE_NAME));
  public static final Setting<Double> SCHEDULE_PCT_START =
      declare(
          setting("train.learning-rate-schedule.pct-start", decimal(WITHIN_0_AND_1))
              .param("schedulePctStart")
              .of(SCHEDULE_NAME));
  public static final Setting<String> SCHEDULE_ANNEAL_STRATEGY =
      declare(
          setting("train.learning-rate-schedule.anneal-strategy", choice("cos", "linear"))
              .param("scheduleAnnealStrategy")
              .of(SCHEDULE_NAME));
  public static final Setting<Double> SCHEDULE_DIV_FACTOR =
      declare(
          setting("train.learning-rate-schedule.div-factor", decimal(above(0)))
              .param("scheduleDivFactor")
              .of(SCHEDULE_NAME));
  public static final Setting<Double> SCHEDULE_FINAL_DIV_FACTOR =
      declare(
          setting("train.learning-rate-schedule.final-div-factor", decimal(above(0)))
              .param("scheduleFinalDivFactor")
              .of(SCHEDULE_NAME));
  public static final Setting<Boolean> SCHEDULE_THREE_PHASE =
      declare(
          setting("train.learning-rate-schedule.three-phase", flag())
              .param("scheduleThreePhase")
              .of(SCHEDULE_NAME));
  public static final Setting<String> SCHEDULE_MONITOR =
      declare(
          setting("train.learning-rate-schedule.monitor", choice("validation-loss", "train-loss"))
              .param("scheduleMonitor")
              .of(SCHEDULE_NAME));
  public static final Setting<Double> SCHEDULE_FACTOR =
      declare(
          setting("train.learning-rate-schedule.factor", decimal(WITHIN_0_AND_1))
              .param("scheduleFactor")
              .of(SCHEDULE_NAME));
  public static final Setting<Integer> SCHEDULE_PATIENCE =
      declare(
          setting("train.learning-rate-schedule.patience", integer(atLeast(0)))
              .param("schedulePatience")
              .of(SCHEDULE_NAME));
  public static final Setting<Double> SCHEDULE_THRESHOLD =
      declare(
          setting("train.learning-rate-schedule.threshold", decimal(atLeast(0)))
              .param("scheduleThreshold")
              .of(SCHEDULE_NAME));
  public static final Setting<String> SCHEDULE_THRESHOLD_MODE =
      declare(
          setting("train.learning-rate-schedule.threshold-mode", choice("rel", "abs"))
              .param("scheduleThresholdMode")
              .of(SCHEDULE_NAME));
  public static final Setting<Integer> SCHEDULE_COOLDOWN =
      declare(
          setting("train.learning-rate-schedule.cooldown", integer(atLeast(0)))
              .param("scheduleCooldown")
              .of(SCHEDULE_NAME));
  public static final Setting<Double> SCHEDULE_MIN_LR =
      declare(
          setting("train.learning-rate-schedule.min-lr", decimal(atLeast(0)))
              .param("scheduleMinLr")
              .of(SCHEDULE_NAME));

  public static final Setting<Double> TRAIN_L1 =
      declare(setting("train.l1", decimal(atLeast(0))).param("l1"));
  public static final Setting<Double> TRAIN_CLIP_NORM =
      declare(setting("train.clip-norm", decimal(atLeast(0))).param("clipNorm"));
  public static final Setting<Double> TRAIN_CLIP_VALUE =
      declare(setting("train.clip-value", decimal(atLeast(0))).param("clipValue"));
  public static final Setting<Double> TRAIN_MAX_NORM =
      declare(setting("train.max-norm", decimal(atLeast(0))).param("maxNorm"));
  public static final Setting<Double> TRAIN_MOVING_AVERAGE =
      declare(setting("train.moving-average", decimal(SHARE)).param("movingAverage"));

  public static final Setting<ValidationMetric> EARLY_STOPPING_METRIC =
      declare(
          setting("train.early-stopping.metric", choice(ValidationMetric.class))
              .param("earlyStoppingMetric"));
  public static final Setting<Integer> EARLY_STOPPING_PATIENCE =
      declare(setting("train.early-stopping.patience", integer(atLeast(0))).param("patience"));
  public static final Setting<Double> EARLY_STOPPING_MIN_DELTA =
      declare(setting("train.early-stopping.min-delta", decimal(atLeast(0))).param("minDelta"));
  public static final Setting<Double> TRAIN_MAX_SECONDS =
      declare(setting("train.max-seconds", decimal(atLeast(0))).param("maxSeconds"));
  public static final Setting<Optional<String>> TRAIN_INITIAL_PARAMETERS =
      declare(setting("train.initial-parameters", text().optional()));

  public static final Setting<Optional<String>> CHECKPOINT_DIR =
      declare(setting("train.checkpoint.dir", text().optional()).param("checkpointDir"));
  public static final Setting<Integer> CHECKPOINT_EVERY_ROUNDS =
      declare(
          setting("train.checkpoint.every-rounds", integer(atLeast(0)))
              .param("checkpointEveryRounds"));
  public static final Setting<Double> CHECKPOINT_EVERY_SECONDS =
      declare(
          setting("train.checkpoint.every-seconds", decimal(atLeast(0)))
              .param("checkpointEverySeconds"));
  public static final Setting<Integer> CHECKPOINT_KEEP =
      declare(setting("train.checkpoint.keep", integer(atLeast(1))).param("keepCheckpoints"));
  public static final Setting<String> CHECKPOINT_ON_MISMATCH =
      declare(
          setting("train.checkpoint.on-mismatch", choice("stop", "restart"))
              .param("onCheckpointMismatch"));
  public static final Setting<Boolean> CHECKPOINT_FINAL =
      declare(setting("train.checkpoint.final", flag()));
  public static final Setting<Optional<String>> TRAIN_CONTINUE_FROM =
      declare(setting("train.continue-from", text().optional()));
  public static final Setting<String> TRAIN_TRAINER =
      declare(
          setting("train.trainer", choice(TrainingBackend.NATIVE, NetworkKind.DL4J))
              .param("trainer"));
  public static final Setting<String> TRAIN_ON_DIVERGENCE =
      declare(setting("train.on-divergence", choice("stop", "continue")).param("onDivergence"));
  public static final Setting<Double> TRAIN_DIVERGENCE_FACTOR =
      declare(setting("train.divergence-factor", decimal(above(1))).param("divergenceFactor"));

  public static final Setting<Optional<String>> OUTPUT_DIR =
      declare(setting("output.dir", text().optional()));

  /** Stands for the date of a run in the last name of {@link #OUTPUT_DIR}. */
  public static final String DATE = "{date}";

  /** Empty: today. */
  public static final Setting<Optional<LocalDate>> OUTPUT_DATE =
      declare(setting("output.date", date().optional()));

  /** Empty: all. */
  public static final Setting<OptionalInt> OUTPUT_KEEP =
      declare(setting("output.keep", integerOr("all", atLeast(1))));

  public static final Setting<Boolean> OUTPUT_OVERWRITE =
      declare(setting("output.overwrite", flag()));
  public static final Setting<Boolean> OUTPUT_REPORT = declare(setting("output.report", flag()));
  public static final Setting<String> OUTPUT_ON_RUNNING =
      declare(setting("output.on-running", choice("stop", "wait")));

  public static final Setting<List<String>> PREDICT_INPUT =
      declare(setting("predict.input", texts()));
  public static final Setting<Optional<String>> PREDICT_OUTPUT =
      declare(setting("predict.output", text().optional()));
  public static final Setting<String> PREDICT_FORMAT = declare(setting("predict.format", text()));
  public static final Setting<Map<String, String>> PREDICT_OPTIONS =
      declare(setting("predict.options", textsByName()));
  public static final Setting<List<String>> PREDICT_COLUMNS =
      declare(setting("predict.columns", texts()));
  public static final Setting<List<String>> PREDICT_PARTITION_BY =
      declare(setting("predict.partition-by", texts()));
  public static final Setting<Boolean> PREDICT_OVERWRITE =
      declare(setting("predict.overwrite", flag()));
  public static final Setting<String> PREDICT_ON_BAD_ROW =
      declare(setting("predict.on-bad-row", choice("stop", "set-aside")));
  public static final Setting<Optional<String>> PREDICT_BAD_ROWS =
      declare(setting("predict.bad-rows", text().optional()));

  public static final Setting<Optional<String>> EXPORT_OUTPUT =
      declare(setting("export.output", text().optional()));
  public static final Setting<Boolean> EXPORT_OVERWRITE =
      declare(setting("export.overwrite", flag()));

  public static final Setting<Long> SHOW_SEED = declare(setting("show.seed", longInteger()));
  public static final Setting<Optional<String>> SHOW_PICTURE =
      declare(setting("show.picture", text().optional()));

  public static final Setting<Optional<String>> COMPARE_REPORT =
      declare(setting("compare.report", text().optional()));

  public static final Setting<SearchSpace> TUNE_SPACE =
      declare(setting("tune.space", searchSpace()));
  public static final Setting<String> TUNE_SEARCH =
      declare(setting("tune.search", choice("grid", "random")));
  public static final Setting<Integer> TUNE_CANDIDATES =
      declare(setting("tune.candidates", integer(atLeast(1))));

  /** Empty: auto. */
  public static final Setting<OptionalInt> TUNE_FIRST_EPOCHS =
      declare(setting("tune.first-epochs", integerOr("auto", atLeast(1))));

  public static final Setting<Integer> TUNE_ETA = declare(setting("tune.eta", integer(atLeast(2))));
  public static final Setting<Integer> TUNE_STEPS =
      declare(setting("tune.steps", integer(atLeast(1))));

  public static final Setting<Boolean> STORAGE_SHARED_LOCAL =
      declare(setting("storage.shared-local", flag()));

  public static final Setting<Double> CLUSTER_EXECUTOR_TIMEOUT =
      declare(setting("cluster.executor-timeout", decimal(above(0))));

  public static final Setting<String> BLAS_LIBRARY = declare(setting("blas.library", text()));
  public static final Setting<String> BLAS_CORE_TYPE = declare(setting("blas.core-type", text()));
  public static final Setting<Boolean> BLAS_REQUIRE_SAME =
      declare(setting("blas.require-same", flag()).param("requireSameBlas"));

  private Keys() {}

  /** The one of that key; empty if there is none. */
  static Optional<Setting<?>> find(String key) {
    return DECLARED.stream().filter(setting -> setting.key().equals(key)).findFirst();
  }

  static List<Setting<?>> all() {
    return Collections.unmodifiableList(DECLARED);
  }

  /** Those whose values are values of Params. */
  public static List<Setting<?>> ofParams() {
    return DECLARED.stream().filter(Setting::isParam).toList();
  }

  /** The one whose Param has that name. */
  public static Setting<?> ofParam(String name) {
    return ofParams().stream()
        .filter(
            setting ->
                Stream.concat(setting.paramName().stream(), setting.listParamName().stream())
                    .anyMatch(name::equals))
        .findFirst()
        .orElseThrow();
  }

  private static <T> Setting<T> setting(String key, ValueType<T> type) {
    return new Setting<>(key, type);
  }

  private static <T> Setting<T> declare(Setting<T> setting) {
    DECLARED.add(setting);
    return setting;
  }
}
