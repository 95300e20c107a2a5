package dev.convene.config;

import static dev.convene.config.Keys.DATA_CATEGORICAL;
import static dev.convene.config.Keys.DATA_LABEL;
import static dev.convene.config.Keys.DATA_STRATIFY;
import static dev.convene.config.Keys.DATA_TEST;
import static dev.convene.config.Keys.DATA_TEST_FRACTION;
import static dev.convene.config.Keys.DATA_VALIDATION;
import static dev.convene.config.Keys.DATA_VALIDATION_FRACTION;
import static dev.convene.config.Keys.DATA_WEIGHT;
import static dev.convene.config.Keys.EARLY_STOPPING_PATIENCE;
import static dev.convene.config.Keys.MODEL_ACTIVATION;
import static dev.convene.config.Keys.MODEL_BALANCE_CLASSES;
import static dev.convene.config.Keys.MODEL_CLASS_WEIGHTS;
import static dev.convene.config.Keys.MODEL_DL4J_CONFIGURATION;
import static dev.convene.config.Keys.MODEL_DROPOUT;
import static dev.convene.config.Keys.MODEL_HIDDEN;
import static dev.convene.config.Keys.MODEL_INITIALIZER;
import static dev.convene.config.Keys.MODEL_TASK;
import static dev.convene.config.Keys.MODEL_THRESHOLDS;
import static dev.convene.config.Keys.OPTIMIZER_DAMPENING;
import static dev.convene.config.Keys.OPTIMIZER_MAX_STEP;
import static dev.convene.config.Keys.OPTIMIZER_MIN_STEP;
import static dev.convene.config.Keys.OPTIMIZER_MOMENTUM;
import static dev.convene.config.Keys.OPTIMIZER_NAME;
import static dev.convene.config.Keys.OPTIMIZER_NESTEROV;
import static dev.convene.config.Keys.PREPROCESS_BINNED;
import static dev.convene.config.Keys.PREPROCESS_HASHED;
import static dev.convene.config.Keys.PREPROCESS_SCALED_COLUMNS;
import static dev.convene.config.Keys.TRAIN_TRAINER;
import static dev.convene.config.Keys.TUNE_SPACE;
import static java.util.stream.Collectors.joining;

import dev.convene.ConveneException;
import dev.convene.train.NetworkKind;
import dev.convene.train.TrainingBackend;
import java.util.List;
import java.util.Map;

/** The rules between settings, checked when each alone is right. */
public final class Rules {
  private static final List<Setting<?>> DESCRIBED_BY_CONFIGURATION =
      List.of(MODEL_HIDDEN, MODEL_ACTIVATION, MODEL_DROPOUT, MODEL_INITIALIZER, OPTIMIZER_NAME);

  private Rules() {}

  /**
   * The rules between all settings of a job.
   *
   * @throws ConveneException (usage) if one is broken
   */
  static void checkJob(Settings settings) {
    checkEstimator(settings);
    haveOneSource(settings, DATA_VALIDATION, DATA_VALIDATION_FRACTION);
    haveOneSource(settings, DATA_TEST, DATA_TEST_FRACTION);
    labelFitsTheTask(settings);
    atMostOneThresholdIsZero(settings);
    preprocessingFitsTheColumns(settings);
    settings.value(TUNE_SPACE).check(settings);
  }

  /**
   * The rules between those settings that are Params, too.
   *
   * @throws ConveneException (usage) if one is broken
   */
  public static void checkEstimator(Chosen chosen) {
    networkHasOneDescription(chosen);
    dl4jHasWhatIsAsked(chosen);
    optimizerHasWhatIsSet(chosen);
    nesterovHasItsMomentum(chosen);
    stepsHaveARange(chosen);
    classesAreWeighedOneWay(chosen);
    earlyStoppingHasValidationRows(chosen);
  }

  private static void networkHasOneDescription(Chosen chosen) {
    if (!chosen.isGiven(MODEL_DL4J_CONFIGURATION)) {
      return;
    }
    for (Setting<?> setting : Keys.all()) {
      boolean isDescribed =
          DESCRIBED_BY_CONFIGURATION.contains(setting) || setting.isOfOptimizers();
      if (isDescribed && chosen.isGiven(setting)) {
        throw ConveneException.usage(
            "%s repeats what %s describes: leave one of them out",
            chosen.described(setting), chosen.described(MODEL_DL4J_CONFIGURATION));
      }
    }
    if (chosen.isGiven(TRAIN_TRAINER)
        && chosen.value(TRAIN_TRAINER).equals(TrainingBackend.NATIVE)) {
      throw ConveneException.usage(
          "%s is trained by DL4J, but %s: leave that out",
          chosen.described(MODEL_DL4J_CONFIGURATION), chosen.described(TRAIN_TRAINER));
    }
  }

  private static void dl4jHasWhatIsAsked(Chosen chosen) {
    boolean isDescribed = chosen.isGiven(MODEL_DL4J_CONFIGURATION);
    if (!isDescribed && !chosen.value(TRAIN_TRAINER).equals(NetworkKind.DL4J)) {
      return;
    }
    // Its masks, which come nearest, multiply outputs, too.
    refuseWeights(chosen, DATA_WEIGHT, chosen.value(DATA_WEIGHT).isPresent());
    refuseWeights(chosen, MODEL_BALANCE_CLASSES, chosen.value(MODEL_BALANCE_CLASSES));
    refuseWeights(chosen, MODEL_CLASS_WEIGHTS, !chosen.value(MODEL_CLASS_WEIGHTS).isEmpty());
    if (chosen.value(OPTIMIZER_NAME) == OptimizerKind.SGD
        && chosen.value(OPTIMIZER_MOMENTUM) > 0
        && !chosen.value(OPTIMIZER_NESTEROV)) {
      throw ConveneException.usage(
          "%s, but DL4J has no momentum other than Nesterov's: set %s = true, or train natively",
          chosen.described(OPTIMIZER_MOMENTUM), chosen.name(OPTIMIZER_NESTEROV));
    }
  }

  private static void refuseWeights(Chosen chosen, Setting<?> weights, boolean areAsked) {
    if (areAsked) {
      throw ConveneException.usage(
          "%s, but DL4J has no weights of rows: leave it out, or train natively",
          chosen.isSet(weights));
    }
  }

  private static void stepsHaveARange(Chosen chosen) {
    if (chosen.value(OPTIMIZER_NAME) == OptimizerKind.RPROP
        && chosen.value(OPTIMIZER_MIN_STEP) > chosen.value(OPTIMIZER_MAX_STEP)) {
      throw ConveneException.usage(
          "%s is above %s",
          chosen.described(OPTIMIZER_MIN_STEP), chosen.described(OPTIMIZER_MAX_STEP));
    }
  }

  private static void optimizerHasWhatIsSet(Chosen chosen) {
    OptimizerKind optimizer = chosen.value(OPTIMIZER_NAME);
    for (Setting<?> setting : Keys.all()) {
      if (!setting.isOf(optimizer) && chosen.isGiven(setting)) {
        throw ConveneException.usage(
            "%s, but optimizer %s has no %s; it has %s",
            chosen.isSet(setting),
            SettingName.of(optimizer),
            chosen.shortName(setting),
            Keys.all().stream()
                .filter(known -> known.isOfOptimizers() && known.isOf(optimizer))
                .map(chosen::shortName)
                .collect(joining(", ")));
      }
    }
  }

  /** As torch.optim.SGD demands it. */
  private static void nesterovHasItsMomentum(Chosen chosen) {
    if (chosen.value(OPTIMIZER_NAME) != OptimizerKind.SGD || !chosen.value(OPTIMIZER_NESTEROV)) {
      return;
    }
    if (chosen.value(OPTIMIZER_MOMENTUM) <= 0 || chosen.value(OPTIMIZER_DAMPENING) != 0) {
      throw ConveneException.usage(
          "%s needs a momentum above 0 and dampening 0, but %s and %s",
          chosen.described(OPTIMIZER_NESTEROV),
          chosen.described(OPTIMIZER_MOMENTUM),
          chosen.described(OPTIMIZER_DAMPENING));
    }
  }

  private static void classesAreWeighedOneWay(Chosen chosen) {
    if (chosen.value(MODEL_BALANCE_CLASSES) && !chosen.value(MODEL_CLASS_WEIGHTS).isEmpty()) {
      throw ConveneException.usage(
          "%s and %s exclude each other: keep one",
          chosen.described(MODEL_BALANCE_CLASSES), chosen.described(MODEL_CLASS_WEIGHTS));
    }
  }

  private static void haveOneSource(
      Settings settings, Setting<List<String>> source, Setting<Double> fraction) {
    if (!settings.value(source).isEmpty() && settings.value(fraction) > 0) {
      throw ConveneException.usage(
          "%s and %s exclude each other: keep one",
          settings.described(source), settings.described(fraction));
    }
  }

  private static void labelFitsTheTask(Settings settings) {
    List<String> labels = settings.value(DATA_LABEL);
    if (labels.isEmpty()) {
      throw ConveneException.usage("%s names no column", settings.described(DATA_LABEL));
    }
    if (settings.value(MODEL_TASK).equals("regression")) {
      for (String label : labels) {
        if (settings.value(DATA_CATEGORICAL).contains(label)) {
          throw ConveneException.usage(
              "%s has the label, %s, but a regression's label is a number: leave it out, or set"
                  + " model.task = classification",
              settings.described(DATA_CATEGORICAL), label);
        }
      }
      for (Setting<?> ofClasses :
          List.of(MODEL_BALANCE_CLASSES, MODEL_CLASS_WEIGHTS, MODEL_THRESHOLDS, DATA_STRATIFY)) {
        if (settings.isGiven(ofClasses)) {
          throw ConveneException.usage(
              "%s needs classes, and %s has none",
              settings.described(ofClasses), settings.described(MODEL_TASK));
        }
      }
    } else if (labels.size() > 1) {
      throw ConveneException.usage(
          "%s names several columns, but a classification has one label: name one, or set"
              + " model.task = regression",
          settings.described(DATA_LABEL));
    }
  }

  /** As MLlib's Param demands it. */
  private static void atMostOneThresholdIsZero(Settings settings) {
    List<String> zeros =
        settings.value(MODEL_THRESHOLDS).entrySet().stream()
            .filter(threshold -> threshold.getValue() == 0)
            .map(Map.Entry::getKey)
            .sorted()
            .toList();
    if (zeros.size() > 1) {
      throw ConveneException.usage(
          "%s is 0 for %s: one class at most can come before all others",
          MODEL_THRESHOLDS, String.join(", ", zeros));
    }
  }

  /** What is done to categories is asked of categorical columns, what is done to numbers is not. */
  private static void preprocessingFitsTheColumns(Settings settings) {
    List<String> categorical = settings.value(DATA_CATEGORICAL);
    for (String column : settings.value(PREPROCESS_HASHED).keySet()) {
      if (!categorical.contains(column)) {
        throw ConveneException.usage(
            "%s has column %s, which is not among data.categorical: add it there",
            settings.described(PREPROCESS_HASHED), column);
      }
    }
    for (String column : settings.value(PREPROCESS_BINNED).keySet()) {
      refuseCategorical(settings, PREPROCESS_BINNED, column);
    }
    for (String column : settings.value(PREPROCESS_SCALED_COLUMNS)) {
      refuseCategorical(settings, PREPROCESS_SCALED_COLUMNS, column);
      if (settings.value(PREPROCESS_BINNED).containsKey(column)) {
        throw ConveneException.usage(
            "%s and %s both have column %s: keep one",
            settings.described(PREPROCESS_SCALED_COLUMNS),
            settings.described(PREPROCESS_BINNED),
            column);
      }
    }
  }

  private static void refuseCategorical(Settings settings, Setting<?> setting, String column) {
    if (settings.value(DATA_CATEGORICAL).contains(column)) {
      throw ConveneException.usage(
          "%s has column %s, which is among data.categorical: only a number can be treated so",
          settings.described(setting), column);
    }
  }

  private static void earlyStoppingHasValidationRows(Chosen chosen) {
    if (chosen.value(EARLY_STOPPING_PATIENCE) > 0 && !chosen.hasValidationRows()) {
      throw ConveneException.usage(
          "%s needs validation rows: set %s",
          chosen.described(EARLY_STOPPING_PATIENCE), chosen.validationRemedy());
    }
  }
}
