package dev.convene.config;

import static dev.convene.config.Keys.AVERAGING_METHOD;
import static dev.convene.config.Keys.DATA_CATEGORICAL;
import static dev.convene.config.Keys.DATA_LABEL;
import static dev.convene.config.Keys.DATA_STRATIFY;
import static dev.convene.config.Keys.DATA_TEST;
import static dev.convene.config.Keys.DATA_TEST_FRACTION;
import static dev.convene.config.Keys.DATA_VALIDATION;
import static dev.convene.config.Keys.DATA_VALIDATION_FRACTION;
import static dev.convene.config.Keys.DATA_WEIGHT;
import static dev.convene.config.Keys.DATE;
import static dev.convene.config.Keys.EARLY_STOPPING_METRIC;
import static dev.convene.config.Keys.EARLY_STOPPING_PATIENCE;
import static dev.convene.config.Keys.INITIALIZER_HIGH;
import static dev.convene.config.Keys.INITIALIZER_LOW;
import static dev.convene.config.Keys.MODEL_ACTIVATION;
import static dev.convene.config.Keys.MODEL_BALANCE_CLASSES;
import static dev.convene.config.Keys.MODEL_CLASS_WEIGHTS;
import static dev.convene.config.Keys.MODEL_DL4J_CONFIGURATION;
import static dev.convene.config.Keys.MODEL_DROPOUT;
import static dev.convene.config.Keys.MODEL_HIDDEN;
import static dev.convene.config.Keys.MODEL_INITIALIZER;
import static dev.convene.config.Keys.MODEL_INPUT_DROPOUT;
import static dev.convene.config.Keys.MODEL_TASK;
import static dev.convene.config.Keys.MODEL_THRESHOLDS;
import static dev.convene.config.Keys.OPTIMIZER_DAMPENING;
import static dev.convene.config.Keys.OPTIMIZER_MAX_STEP;
import static dev.convene.config.Keys.OPTIMIZER_MIN_STEP;
import static dev.convene.config.Keys.OPTIMIZER_MOMENTUM;
import static dev.convene.config.Keys.OPTIMIZER_NAME;
import static dev.convene.config.Keys.OPTIMIZER_NESTEROV;
import static dev.convene.config.Keys.OUTPUT_DATE;
import static dev.convene.config.Keys.OUTPUT_DIR;
import static dev.convene.config.Keys.OUTPUT_KEEP;
import static dev.convene.config.Keys.PREPROCESS_BINNED;
import static dev.convene.config.Keys.PREPROCESS_HASHED;
import static dev.convene.config.Keys.PREPROCESS_SCALED_COLUMNS;
import static dev.convene.config.Keys.SCHEDULE_GAMMA;
import static dev.convene.config.Keys.SCHEDULE_MILESTONES;
import static dev.convene.config.Keys.SCHEDULE_MONITOR;
import static dev.convene.config.Keys.SCHEDULE_NAME;
import static dev.convene.config.Keys.SCHEDULE_PCT_START;
import static dev.convene.config.Keys.SCHEDULE_STEP_SIZE;
import static dev.convene.config.Keys.SCHEDULE_THREE_PHASE;
import static dev.convene.config.Keys.SCHEDULE_WARM_UP;
import static dev.convene.config.Keys.TRAIN_BATCH_SIZE;
import static dev.convene.config.Keys.TRAIN_BATCH_SIZE_OF;
import static dev.convene.config.Keys.TRAIN_CLIP_NORM;
import static dev.convene.config.Keys.TRAIN_CLIP_VALUE;
import static dev.convene.config.Keys.TRAIN_L1;
import static dev.convene.config.Keys.TRAIN_LABEL_SMOOTHING;
import static dev.convene.config.Keys.TRAIN_MAX_NORM;
import static dev.convene.config.Keys.TRAIN_MOVING_AVERAGE;
import static dev.convene.config.Keys.TRAIN_TRAINER;
import static dev.convene.config.Keys.TRAIN_WORKERS;
import static dev.convene.config.Keys.TUNE_SPACE;
import static java.util.stream.Collectors.joining;

import dev.convene.ConveneException;
import dev.convene.train.NetworkKind;
import dev.convene.train.TrainingBackend;
import dev.convene.train.ValidationMetric;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** The rules between settings, checked when each alone is right. */
public final class Rules {
  private static final List<Setting<?>> DESCRIBED_BY_CONFIGURATION =
      List.of(
          MODEL_HIDDEN,
          MODEL_ACTIVATION,
          MODEL_DROPOUT,
          MODEL_INPUT_DROPOUT,
          MODEL_INITIALIZER,
          OPTIMIZER_NAME,
          SCHEDULE_NAME,
          SCHEDULE_WARM_UP);

  private static final List<Setting<Double>> NATIVE_STEPS =
      List.of(
          TRAIN_LABEL_SMOOTHING,
          TRAIN_L1,
          TRAIN_CLIP_NORM,
          TRAIN_CLIP_VALUE,
          TRAIN_MAX_NORM,
          TRAIN_MOVING_AVERAGE);

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
    datesHaveTheirPlace(settings);
  }

  /**
   * The rules between those settings that are Params, too.
   *
   * @throws ConveneException (usage) if one is broken
   */
  public static void checkEstimator(Chosen chosen) {
    networkHasOneDescription(chosen);
    dropoutFitsTheLayers(chosen);
    dl4jHasWhatIsAsked(chosen);
    choicesHaveWhatIsSet(chosen);
    nesterovHasItsMomentum(chosen);
    rangesAreNotEmpty(chosen);
    scheduleHasWhatItNeeds(chosen);
    lbfgsSeesAllRowsAsTheyAre(chosen);
    gradientsAreClippedOneWay(chosen);
    chosen.value(TRAIN_WORKERS).ifPresent(workers -> checkWorkers(chosen, workers));
    classesAreWeighedOneWay(chosen);
    earlyStoppingHasValidationRows(chosen);
    metricFitsTheTask(chosen);
  }

  /**
   * The rules between the settings of an Estimator and the number of workers, if that is decided
   * later.
   *
   * @throws ConveneException (usage) if one is broken
   */
  public static void checkWorkers(Chosen chosen, int workers) {
    OptionalInt batchSize = chosen.value(TRAIN_BATCH_SIZE);
    if (chosen.value(TRAIN_BATCH_SIZE_OF).equals("all")
        && batchSize.isPresent()
        && batchSize.getAsInt() < workers) {
      throw ConveneException.usage(
          "%s is for all of %s workers: make it %s at least, so that each has a row, or train on"
              + " fewer workers",
          chosen.described(TRAIN_BATCH_SIZE), workers, workers);
    }
  }

  private static void datesHaveTheirPlace(Settings settings) {
    String dir = settings.value(OUTPUT_DIR).orElse("");
    int at = dir.indexOf(DATE);
    if (at < 0) {
      dateIsNamed(settings, OUTPUT_DATE, settings.value(OUTPUT_DATE).isPresent());
      dateIsNamed(settings, OUTPUT_KEEP, settings.value(OUTPUT_KEEP).isPresent());
    } else if (at < dir.lastIndexOf('/') || at != dir.lastIndexOf(DATE)) {
      throw ConveneException.usage(
          "%s, but %s stands once, in the last name, so that all runs lie side by side",
          settings.described(OUTPUT_DIR), DATE);
    }
  }

  private static void dateIsNamed(Settings settings, Setting<?> ofDates, boolean isNeeded) {
    if (isNeeded) {
      throw ConveneException.usage(
          "%s needs an %s with %s in its last name, such as output/%s",
          settings.described(ofDates), settings.name(OUTPUT_DIR), DATE, DATE);
    }
  }

  private static void networkHasOneDescription(Chosen chosen) {
    if (!chosen.isGiven(MODEL_DL4J_CONFIGURATION)) {
      return;
    }
    for (Setting<?> setting : Keys.all()) {
      boolean isDescribed =
          DESCRIBED_BY_CONFIGURATION.contains(setting) || setting.choice().isPresent();
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

  private static void dropoutFitsTheLayers(Chosen chosen) {
    LayerRates dropout = chosen.value(MODEL_DROPOUT);
    int layers = chosen.value(MODEL_HIDDEN).size();
    if (!dropout.fit(layers)) {
      throw ConveneException.usage(
          "%s has %s rates, but %s has %s layers: give one number for all, or one for each",
          chosen.described(MODEL_DROPOUT),
          dropout.rates().size(),
          chosen.described(MODEL_HIDDEN),
          layers);
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
    dl4jMakesTheSteps(chosen);
    if (chosen.value(MODEL_ACTIVATION) == ActivationKind.GELU) {
      throw ConveneException.usage(
          "%s, but DL4J's is an approximation: choose another one, or train natively",
          chosen.described(MODEL_ACTIVATION));
    }
    if (chosen.value(OPTIMIZER_NAME) == OptimizerKind.SGD
        && chosen.value(OPTIMIZER_MOMENTUM) > 0
        && !chosen.value(OPTIMIZER_NESTEROV)) {
      throw ConveneException.usage(
          "%s, but DL4J has no momentum other than Nesterov's: set %s = true, or train natively",
          chosen.described(OPTIMIZER_MOMENTUM), chosen.name(OPTIMIZER_NESTEROV));
    }
  }

  private static void dl4jMakesTheSteps(Chosen chosen) {
    for (Setting<Double> setting : NATIVE_STEPS) {
      if (chosen.value(setting) > 0) {
        throw ConveneException.usage(
            "%s, but DL4J makes the steps: leave it out, or train natively",
            chosen.described(setting));
      }
    }
    boolean isConstant =
        chosen.value(SCHEDULE_NAME) == ScheduleKind.CONSTANT && chosen.value(SCHEDULE_WARM_UP) == 0;
    if (!isConstant
        && chosen.value(OPTIMIZER_NAME) == OptimizerKind.SGD
        && chosen.value(OPTIMIZER_MOMENTUM) > 0) {
      throw ConveneException.usage(
          "%s, but DL4J's momentum is PyTorch's only at a constant learning rate: leave out the"
              + " momentum or the schedule, or train natively",
          chosen.described(OPTIMIZER_MOMENTUM));
    }
  }

  private static void refuseWeights(Chosen chosen, Setting<?> weights, boolean areAsked) {
    if (areAsked) {
      throw ConveneException.usage(
          "%s, but DL4J has no weights of rows: leave it out, or train natively",
          chosen.isSet(weights));
    }
  }

  private static void rangesAreNotEmpty(Chosen chosen) {
    if (chosen.value(OPTIMIZER_NAME) == OptimizerKind.RPROP) {
      isNotAbove(chosen, OPTIMIZER_MIN_STEP, OPTIMIZER_MAX_STEP);
    }
    if (chosen.value(MODEL_INITIALIZER) == InitializerKind.UNIFORM) {
      isNotAbove(chosen, INITIALIZER_LOW, INITIALIZER_HIGH);
    }
  }

  private static void isNotAbove(Chosen chosen, Setting<Double> low, Setting<Double> high) {
    if (chosen.value(low) > chosen.value(high)) {
      throw ConveneException.usage("%s is above %s", chosen.described(low), chosen.described(high));
    }
  }

  private static void choicesHaveWhatIsSet(Chosen chosen) {
    for (Setting<?> setting : Keys.all()) {
      if (setting.choice().isPresent() && chosen.isGiven(setting)) {
        choiceHas(setting, setting.choice().get(), chosen);
      }
    }
  }

  private static void choiceHas(
      Setting<?> setting, Setting<? extends Enum<?>> choice, Chosen chosen) {
    Enum<?> named = chosen.value(choice);
    if (!setting.isOf(named)) {
      List<String> has =
          Keys.all().stream()
              .filter(known -> known.choice().equals(setting.choice()) && known.isOf(named))
              .map(chosen::shortName)
              .toList();
      List<String> others = setting.namesOfChoices();
      throw ConveneException.usage(
          "%s, but %s %s has no %s; it has %s; %s %s it",
          chosen.isSet(setting),
          choice.noun(),
          SettingName.of(named),
          chosen.shortName(setting),
          has.isEmpty() ? "no settings" : String.join(", ", has),
          String.join(", ", others),
          others.size() == 1 ? "has" : "have");
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
          List.of(
              MODEL_BALANCE_CLASSES,
              MODEL_CLASS_WEIGHTS,
              MODEL_THRESHOLDS,
              DATA_STRATIFY,
              TRAIN_LABEL_SMOOTHING)) {
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

  /** PyTorch has no defaults for them. */
  private static void scheduleHasWhatItNeeds(Chosen chosen) {
    Map<ScheduleKind, Setting<?>> needed =
        Map.of(
            ScheduleKind.STEP, SCHEDULE_STEP_SIZE,
            ScheduleKind.MULTI_STEP, SCHEDULE_MILESTONES,
            ScheduleKind.EXPONENTIAL, SCHEDULE_GAMMA);
    ScheduleKind schedule = chosen.value(SCHEDULE_NAME);
    if (needed.containsKey(schedule) && !chosen.isGiven(needed.get(schedule))) {
      throw ConveneException.usage(
          "%s needs %s: set it",
          chosen.described(SCHEDULE_NAME), chosen.name(needed.get(schedule)));
    }
    if (schedule == ScheduleKind.ONE_CYCLE
        && chosen.value(SCHEDULE_THREE_PHASE)
        && chosen.value(SCHEDULE_PCT_START) >= 0.5) {
      throw ConveneException.usage(
          "%s leaves three phases no room: make it less than 0.5",
          chosen.described(SCHEDULE_PCT_START));
    }
    if (schedule == ScheduleKind.REDUCE_ON_PLATEAU
        && chosen.value(SCHEDULE_MONITOR).equals("validation-loss")
        && !chosen.hasValidationRows()) {
      throw ConveneException.usage(
          "%s looks at validation rows: set %s, or %s = train-loss",
          chosen.described(SCHEDULE_NAME),
          chosen.validationRemedy(),
          chosen.name(SCHEDULE_MONITOR));
    }
  }

  /** A line search compares values of one function. */
  private static void lbfgsSeesAllRowsAsTheyAre(Chosen chosen) {
    if (chosen.value(OPTIMIZER_NAME) != OptimizerKind.LBFGS) {
      return;
    }
    if (chosen.isGiven(TRAIN_BATCH_SIZE) && chosen.value(TRAIN_BATCH_SIZE).isPresent()) {
      throw ConveneException.usage(
          "%s, but optimizer lbfgs takes all rows at once: leave it out, or say full",
          chosen.described(TRAIN_BATCH_SIZE));
    }
    for (Setting<Double> setting : NATIVE_STEPS) {
      refuseForLbfgs(chosen, setting, chosen.value(setting) > 0);
    }
    refuseForLbfgs(
        chosen, AVERAGING_METHOD, chosen.value(AVERAGING_METHOD) == AveragingMethod.BLOCK_MOMENTUM);
    refuseForLbfgs(chosen, TRAIN_LABEL_SMOOTHING, chosen.value(TRAIN_LABEL_SMOOTHING) > 0);
    refuseForLbfgs(chosen, MODEL_INPUT_DROPOUT, chosen.value(MODEL_INPUT_DROPOUT) > 0);
    refuseForLbfgs(
        chosen,
        MODEL_DROPOUT,
        chosen.value(MODEL_DROPOUT).rates().stream().anyMatch(rate -> rate > 0));
    if (chosen.value(SCHEDULE_NAME) != ScheduleKind.CONSTANT
        || chosen.value(SCHEDULE_WARM_UP) > 0) {
      Setting<?> given = chosen.value(SCHEDULE_WARM_UP) > 0 ? SCHEDULE_WARM_UP : SCHEDULE_NAME;
      throw ConveneException.usage(
          "%s, but optimizer lbfgs searches the length of each step: leave it out",
          chosen.described(given));
    }
    if (chosen.value(TRAIN_TRAINER).equals(NetworkKind.DL4J)) {
      throw ConveneException.usage(
          "%s, but DL4J Spark has no lbfgs: train natively", chosen.described(TRAIN_TRAINER));
    }
  }

  private static void refuseForLbfgs(Chosen chosen, Setting<?> setting, boolean isOn) {
    if (isOn) {
      throw ConveneException.usage(
          "%s, but optimizer lbfgs has no such thing: leave it out, or name another optimizer",
          chosen.described(setting));
    }
  }

  private static void gradientsAreClippedOneWay(Chosen chosen) {
    if (chosen.value(TRAIN_CLIP_NORM) > 0 && chosen.value(TRAIN_CLIP_VALUE) > 0) {
      throw ConveneException.usage(
          "%s and %s exclude each other: keep one",
          chosen.described(TRAIN_CLIP_NORM), chosen.described(TRAIN_CLIP_VALUE));
    }
  }

  private static void metricFitsTheTask(Chosen chosen) {
    ValidationMetric metric = chosen.value(EARLY_STOPPING_METRIC);
    if (!metric.isOf(chosen.classifies())) {
      throw ConveneException.usage(
          "%s is no metric of a %s: name %s",
          chosen.described(EARLY_STOPPING_METRIC),
          chosen.classifies() ? "classification" : "regression",
          Arrays.stream(ValidationMetric.values())
              .filter(other -> other.isOf(chosen.classifies()))
              .map(SettingName::of)
              .collect(joining(", ")));
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
