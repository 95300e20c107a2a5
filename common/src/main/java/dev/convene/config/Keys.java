package dev.convene.config;

import static dev.convene.config.Range.ANY;
import static dev.convene.config.Range.SHARE;
import static dev.convene.config.Range.above;
import static dev.convene.config.Range.atLeast;
import static dev.convene.config.Setting.choice;
import static dev.convene.config.Setting.decimal;
import static dev.convene.config.Setting.decimalsByName;
import static dev.convene.config.Setting.flag;
import static dev.convene.config.Setting.integer;
import static dev.convene.config.Setting.integerOr;
import static dev.convene.config.Setting.integers;
import static dev.convene.config.Setting.integersByName;
import static dev.convene.config.Setting.longInteger;
import static dev.convene.config.Setting.text;
import static dev.convene.config.Setting.texts;
import static dev.convene.config.Setting.textsByName;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Every setting, in the order of conf/reference.conf, which holds its default and its meaning. */
public final class Keys {
  private static final List<Setting<?>> DECLARED = new ArrayList<>();

  public static final Setting<String> DATA_FORMAT = declare(text("data.format"));
  public static final Setting<List<String>> DATA_TRAIN = declare(texts("data.train"));
  public static final Setting<List<String>> DATA_TEST = declare(texts("data.test"));
  public static final Setting<List<String>> DATA_VALIDATION = declare(texts("data.validation"));
  public static final Setting<Double> DATA_VALIDATION_FRACTION =
      declare(decimal("data.validation-fraction", SHARE));
  public static final Setting<Double> DATA_TEST_FRACTION =
      declare(decimal("data.test-fraction", SHARE));
  public static final Setting<Boolean> DATA_STRATIFY = declare(flag("data.stratify"));
  public static final Setting<Map<String, String>> DATA_OPTIONS =
      declare(textsByName("data.options"));
  public static final Setting<List<String>> DATA_COLUMNS = declare(texts("data.columns"));
  public static final Setting<Map<String, String>> DATA_DERIVE =
      declare(textsByName("data.derive"));
  public static final Setting<List<String>> DATA_LABEL = declare(texts("data.label"));
  public static final Setting<List<String>> DATA_FEATURES = declare(texts("data.features"));
  public static final Setting<List<String>> DATA_CATEGORICAL = declare(texts("data.categorical"));
  public static final Setting<Optional<String>> DATA_WEIGHT =
      declare(text("data.weight").optional());
  public static final Setting<Optional<String>> DATA_CACHE = declare(text("data.cache").optional());

  public static final Setting<Double> PREPROCESS_DIVIDE_BY =
      declare(decimal("preprocess.divide-by", above(0)));
  public static final Setting<String> PREPROCESS_SCALER =
      declare(choice("preprocess.scaler", "none", "standard", "min-max", "max-abs", "robust"));
  public static final Setting<List<String>> PREPROCESS_SCALED_COLUMNS =
      declare(texts("preprocess.scaled-columns"));
  public static final Setting<String> PREPROCESS_MISSING =
      declare(choice("preprocess.missing", "error", "mean", "median", "mode", "constant"));
  public static final Setting<Double> PREPROCESS_MISSING_CONSTANT =
      declare(decimal("preprocess.missing-constant", ANY));
  public static final Setting<Boolean> PREPROCESS_MISSING_INDICATOR =
      declare(flag("preprocess.missing-indicator"));
  public static final Setting<Map<String, Integer>> PREPROCESS_BINNED =
      declare(integersByName("preprocess.binned", atLeast(2)));
  public static final Setting<Integer> PREPROCESS_MIN_CATEGORY_COUNT =
      declare(integer("preprocess.min-category-count", atLeast(1)));
  public static final Setting<String> PREPROCESS_UNSEEN_CATEGORY =
      declare(choice("preprocess.unseen-category", "keep", "error"));
  public static final Setting<Map<String, Integer>> PREPROCESS_HASHED =
      declare(integersByName("preprocess.hashed", atLeast(1)));
  public static final Setting<String> PREPROCESS_NORMALIZER =
      declare(choice("preprocess.normalizer", "none", "l1", "l2", "max"));

  public static final Setting<String> MODEL_TASK =
      declare(choice("model.task", "classification", "regression"));
  public static final Setting<List<Integer>> MODEL_HIDDEN =
      declare(integers("model.hidden", atLeast(1)));
  public static final Setting<String> MODEL_ACTIVATION =
      declare(choice("model.activation", "relu", "leaky-relu", "sigmoid", "tanh"));
  public static final Setting<Double> MODEL_DROPOUT = declare(decimal("model.dropout", SHARE));
  public static final Setting<String> MODEL_INITIALIZER =
      declare(choice("model.initializer", "xavier", "kaiming", "normal", "zeros", "pytorch"));
  public static final Setting<Optional<String>> MODEL_DL4J_CONFIGURATION =
      declare(text("model.dl4j-configuration").optional());
  public static final Setting<Boolean> MODEL_BALANCE_CLASSES =
      declare(flag("model.balance-classes"));
  public static final Setting<Map<String, Double>> MODEL_CLASS_WEIGHTS =
      declare(decimalsByName("model.class-weights", atLeast(0)));
  public static final Setting<Map<String, Double>> MODEL_THRESHOLDS =
      declare(decimalsByName("model.thresholds", atLeast(0)));

  public static final Setting<Integer> TRAIN_EPOCHS = declare(integer("train.epochs", atLeast(1)));

  /** Empty: full. */
  public static final Setting<OptionalInt> TRAIN_BATCH_SIZE =
      declare(integerOr("full", "train.batch-size", atLeast(1)));

  public static final Setting<Boolean> TRAIN_SHUFFLE = declare(flag("train.shuffle"));
  public static final Setting<Boolean> TRAIN_DROP_LAST = declare(flag("train.drop-last"));
  public static final Setting<Long> TRAIN_SEED = declare(longInteger("train.seed"));

  /** Empty: auto. */
  public static final Setting<OptionalInt> TRAIN_WORKERS =
      declare(integerOr("auto", "train.workers", atLeast(1)));

  /** Empty: epoch. */
  public static final Setting<OptionalInt> TRAIN_AVERAGING_PERIOD =
      declare(integerOr("epoch", "train.averaging.period", atLeast(1)));

  public static final Setting<String> OPTIMIZER_NAME =
      declare(choice("train.optimizer.name", "sgd", "adam"));

  // PyTorch's defaults. Reading one that the named optimizer does not have is a defect.
  public static final Setting<Double> OPTIMIZER_LEARNING_RATE =
      declare(
          decimal("train.optimizer.learning-rate", above(0))
              .ofOptimizers(Map.of("sgd", 0.001, "adam", 0.001)));
  public static final Setting<Double> OPTIMIZER_WEIGHT_DECAY =
      declare(
          decimal("train.optimizer.weight-decay", atLeast(0))
              .ofOptimizers(Map.of("sgd", 0.0, "adam", 0.0)));
  public static final Setting<Double> OPTIMIZER_MOMENTUM =
      declare(decimal("train.optimizer.momentum", atLeast(0)).ofOptimizers(Map.of("sgd", 0.0)));
  public static final Setting<Double> OPTIMIZER_DAMPENING =
      declare(decimal("train.optimizer.dampening", ANY).ofOptimizers(Map.of("sgd", 0.0)));
  public static final Setting<Boolean> OPTIMIZER_NESTEROV =
      declare(flag("train.optimizer.nesterov").ofOptimizers(Map.of("sgd", false)));
  public static final Setting<Double> OPTIMIZER_BETA1 =
      declare(decimal("train.optimizer.beta1", SHARE).ofOptimizers(Map.of("adam", 0.9)));
  public static final Setting<Double> OPTIMIZER_BETA2 =
      declare(decimal("train.optimizer.beta2", SHARE).ofOptimizers(Map.of("adam", 0.999)));
  public static final Setting<Double> OPTIMIZER_EPS =
      declare(decimal("train.optimizer.eps", atLeast(0)).ofOptimizers(Map.of("adam", 1e-8)));
  public static final Setting<Boolean> OPTIMIZER_AMSGRAD =
      declare(flag("train.optimizer.amsgrad").ofOptimizers(Map.of("adam", false)));

  public static final Setting<Integer> EARLY_STOPPING_PATIENCE =
      declare(integer("train.early-stopping.patience", atLeast(0)));
  public static final Setting<Double> EARLY_STOPPING_MIN_DELTA =
      declare(decimal("train.early-stopping.min-delta", atLeast(0)));
  public static final Setting<Optional<String>> TRAIN_INITIAL_PARAMETERS =
      declare(text("train.initial-parameters").optional());
  public static final Setting<String> TRAIN_TRAINER =
      declare(choice("train.trainer", "native", "dl4j"));
  public static final Setting<String> TRAIN_ON_DIVERGENCE =
      declare(choice("train.on-divergence", "stop", "continue"));
  public static final Setting<Double> TRAIN_DIVERGENCE_FACTOR =
      declare(decimal("train.divergence-factor", above(1)));

  public static final Setting<Optional<String>> OUTPUT_DIR = declare(text("output.dir").optional());
  public static final Setting<Boolean> OUTPUT_OVERWRITE = declare(flag("output.overwrite"));

  public static final Setting<List<String>> PREDICT_INPUT = declare(texts("predict.input"));
  public static final Setting<Optional<String>> PREDICT_OUTPUT =
      declare(text("predict.output").optional());
  public static final Setting<String> PREDICT_FORMAT = declare(text("predict.format"));
  public static final Setting<Map<String, String>> PREDICT_OPTIONS =
      declare(textsByName("predict.options"));
  public static final Setting<List<String>> PREDICT_COLUMNS = declare(texts("predict.columns"));
  public static final Setting<List<String>> PREDICT_PARTITION_BY =
      declare(texts("predict.partition-by"));
  public static final Setting<Boolean> PREDICT_OVERWRITE = declare(flag("predict.overwrite"));
  public static final Setting<String> PREDICT_ON_BAD_ROW =
      declare(choice("predict.on-bad-row", "stop", "set-aside"));
  public static final Setting<Optional<String>> PREDICT_BAD_ROWS =
      declare(text("predict.bad-rows").optional());

  public static final Setting<Boolean> STORAGE_SHARED_LOCAL = declare(flag("storage.shared-local"));

  public static final Setting<String> BLAS_LIBRARY = declare(text("blas.library"));
  public static final Setting<String> BLAS_CORE_TYPE = declare(text("blas.core-type"));
  public static final Setting<Boolean> BLAS_REQUIRE_SAME = declare(flag("blas.require-same"));

  private Keys() {}

  static List<Setting<?>> all() {
    return Collections.unmodifiableList(DECLARED);
  }

  private static <T> Setting<T> declare(Setting<T> setting) {
    DECLARED.add(setting);
    return setting;
  }
}
