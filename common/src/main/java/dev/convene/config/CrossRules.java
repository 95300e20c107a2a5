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
import static dev.convene.config.Keys.OPTIMIZER_MOMENTUM;
import static dev.convene.config.Keys.OPTIMIZER_NAME;
import static dev.convene.config.Keys.OPTIMIZER_NESTEROV;
import static dev.convene.config.Keys.PREPROCESS_BINNED;
import static dev.convene.config.Keys.PREPROCESS_HASHED;
import static dev.convene.config.Keys.PREPROCESS_SCALED_COLUMNS;
import static dev.convene.config.Keys.TRAIN_TRAINER;
import static java.util.stream.Collectors.joining;

import dev.convene.ConveneException;
import java.util.List;

/** The rules between settings, checked when each alone is right. */
final class CrossRules {
  private static final List<Setting<?>> TOLD_BY_CONFIGURATION =
      List.of(MODEL_HIDDEN, MODEL_ACTIVATION, MODEL_DROPOUT, MODEL_INITIALIZER);

  private CrossRules() {}

  static void check(Settings settings) {
    networkIsToldOnce(settings);
    dl4jHasWhatIsAsked(settings);
    optimizerHasWhatIsSet(settings);
    nesterovHasItsMomentum(settings);
    haveOneSource(settings, DATA_VALIDATION, DATA_VALIDATION_FRACTION);
    haveOneSource(settings, DATA_TEST, DATA_TEST_FRACTION);
    labelFitsTheTask(settings);
    preprocessingFitsTheColumns(settings);
    earlyStoppingHasValidationRows(settings);
  }

  private static void networkIsToldOnce(Settings settings) {
    if (settings.value(MODEL_DL4J_CONFIGURATION).isEmpty()) {
      return;
    }
    for (Setting<?> setting : Keys.all()) {
      boolean isTold =
          TOLD_BY_CONFIGURATION.contains(setting)
              || setting.equals(OPTIMIZER_NAME)
              || !setting.optimizers().isEmpty();
      if (isTold && settings.isGiven(setting)) {
        throw ConveneException.usage(
            "%s tells what %s describes: leave one of them out",
            settings.told(setting), settings.told(MODEL_DL4J_CONFIGURATION));
      }
    }
    if (settings.isGiven(TRAIN_TRAINER) && settings.value(TRAIN_TRAINER).equals("native")) {
      throw ConveneException.usage(
          "%s is trained by DL4J, but %s: leave that out",
          settings.told(MODEL_DL4J_CONFIGURATION), settings.told(TRAIN_TRAINER));
    }
  }

  private static void dl4jHasWhatIsAsked(Settings settings) {
    boolean isDescribed = settings.value(MODEL_DL4J_CONFIGURATION).isPresent();
    if (!isDescribed && !settings.value(TRAIN_TRAINER).equals("dl4j")) {
      return;
    }
    refuseWeights(settings, DATA_WEIGHT, settings.value(DATA_WEIGHT).isPresent());
    refuseWeights(settings, MODEL_BALANCE_CLASSES, settings.value(MODEL_BALANCE_CLASSES));
    refuseWeights(settings, MODEL_CLASS_WEIGHTS, !settings.value(MODEL_CLASS_WEIGHTS).isEmpty());
    if (settings.value(OPTIMIZER_NAME).equals("sgd")
        && settings.value(OPTIMIZER_MOMENTUM) > 0
        && !settings.value(OPTIMIZER_NESTEROV)) {
      throw ConveneException.usage(
          "%s, but DL4J has no momentum other than Nesterov's: set train.optimizer.nesterov = true,"
              + " or train natively",
          settings.told(OPTIMIZER_MOMENTUM));
    }
  }

  private static void refuseWeights(Settings settings, Setting<?> weights, boolean areAsked) {
    if (areAsked) {
      throw ConveneException.usage(
          "%s is set (%s), but DL4J has no weights of rows: leave it out, or train natively",
          weights, settings.origin(weights));
    }
  }

  private static void optimizerHasWhatIsSet(Settings settings) {
    String optimizer = settings.value(OPTIMIZER_NAME);
    for (Setting<?> setting : Keys.all()) {
      boolean foreign =
          !setting.optimizers().isEmpty() && !setting.optimizers().containsKey(optimizer);
      if (foreign && settings.isGiven(setting)) {
        throw ConveneException.usage(
            "%s is set (%s), but optimizer %s has no %s; it has %s",
            setting, settings.origin(setting), optimizer, name(setting), namesOf(optimizer));
      }
    }
  }

  private static String namesOf(String optimizer) {
    return Keys.all().stream()
        .filter(setting -> setting.optimizers().containsKey(optimizer))
        .map(CrossRules::name)
        .collect(joining(", "));
  }

  private static String name(Setting<?> setting) {
    return setting.key().substring(setting.key().lastIndexOf('.') + 1);
  }

  /** As torch.optim.SGD demands it. */
  private static void nesterovHasItsMomentum(Settings settings) {
    if (!settings.value(OPTIMIZER_NAME).equals("sgd") || !settings.value(OPTIMIZER_NESTEROV)) {
      return;
    }
    if (settings.value(OPTIMIZER_MOMENTUM) <= 0 || settings.value(OPTIMIZER_DAMPENING) != 0) {
      throw ConveneException.usage(
          "%s needs a momentum above 0 and dampening 0, but %s and %s",
          settings.told(OPTIMIZER_NESTEROV),
          settings.told(OPTIMIZER_MOMENTUM),
          settings.told(OPTIMIZER_DAMPENING));
    }
  }

  private static void haveOneSource(
      Settings settings, Setting<List<String>> source, Setting<Double> fraction) {
    if (!settings.value(source).isEmpty() && settings.value(fraction) > 0) {
      throw ConveneException.usage(
          "%s and %s exclude each other: keep one", settings.told(source), settings.told(fraction));
    }
  }

  private static void labelFitsTheTask(Settings settings) {
    List<String> labels = settings.value(DATA_LABEL);
    if (labels.isEmpty()) {
      throw ConveneException.usage("%s names no column", settings.told(DATA_LABEL));
    }
    if (settings.value(MODEL_TASK).equals("regression")) {
      for (String label : labels) {
        if (settings.value(DATA_CATEGORICAL).contains(label)) {
          throw ConveneException.usage(
              "%s has the label, %s, but a regression's label is a number: leave it out, or set"
                  + " model.task = classification",
              settings.told(DATA_CATEGORICAL), label);
        }
      }
      for (Setting<?> ofClasses :
          List.of(MODEL_BALANCE_CLASSES, MODEL_CLASS_WEIGHTS, MODEL_THRESHOLDS, DATA_STRATIFY)) {
        if (settings.isGiven(ofClasses)) {
          throw ConveneException.usage(
              "%s needs classes, and %s has none",
              settings.told(ofClasses), settings.told(MODEL_TASK));
        }
      }
    } else if (labels.size() > 1) {
      throw ConveneException.usage(
          "%s names several columns, but a classification has one label: name one, or set"
              + " model.task = regression",
          settings.told(DATA_LABEL));
    }
    if (settings.value(MODEL_BALANCE_CLASSES) && !settings.value(MODEL_CLASS_WEIGHTS).isEmpty()) {
      throw ConveneException.usage(
          "%s and %s exclude each other: keep one",
          settings.told(MODEL_BALANCE_CLASSES), settings.told(MODEL_CLASS_WEIGHTS));
    }
  }

  /** What is done to categories is asked of categorical columns, what is done to numbers is not. */
  private static void preprocessingFitsTheColumns(Settings settings) {
    List<String> categorical = settings.value(DATA_CATEGORICAL);
    for (String column : settings.value(PREPROCESS_HASHED).keySet()) {
      if (!categorical.contains(column)) {
        throw ConveneException.usage(
            "%s has column %s, which is not among data.categorical: add it there",
            settings.told(PREPROCESS_HASHED), column);
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
            settings.told(PREPROCESS_SCALED_COLUMNS), settings.told(PREPROCESS_BINNED), column);
      }
    }
  }

  private static void refuseCategorical(Settings settings, Setting<?> setting, String column) {
    if (settings.value(DATA_CATEGORICAL).contains(column)) {
      throw ConveneException.usage(
          "%s has column %s, which is among data.categorical: only a number can be treated so",
          settings.told(setting), column);
    }
  }

  private static void earlyStoppingHasValidationRows(Settings settings) {
    if (settings.value(EARLY_STOPPING_PATIENCE) > 0
        && settings.value(DATA_VALIDATION).isEmpty()
        && settings.value(DATA_VALIDATION_FRACTION) == 0) {
      throw ConveneException.usage(
          "%s needs validation rows: set data.validation or data.validation-fraction",
          settings.told(EARLY_STOPPING_PATIENCE));
    }
  }
}
