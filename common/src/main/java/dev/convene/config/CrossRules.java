package dev.convene.config;

import static dev.convene.config.Keys.DATA_VALIDATION;
import static dev.convene.config.Keys.DATA_VALIDATION_FRACTION;
import static dev.convene.config.Keys.EARLY_STOPPING_PATIENCE;
import static dev.convene.config.Keys.OPTIMIZER_DAMPENING;
import static dev.convene.config.Keys.OPTIMIZER_MOMENTUM;
import static dev.convene.config.Keys.OPTIMIZER_NAME;
import static dev.convene.config.Keys.OPTIMIZER_NESTEROV;
import static java.util.stream.Collectors.joining;

import dev.convene.ConveneException;

/** The rules between settings, checked when each alone is right. */
final class CrossRules {
  private CrossRules() {}

  static void check(Settings settings) {
    optimizerHasWhatIsSet(settings);
    nesterovHasItsMomentum(settings);
    validationRowsHaveOneSource(settings);
    earlyStoppingHasValidationRows(settings);
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

  private static void validationRowsHaveOneSource(Settings settings) {
    if (!settings.value(DATA_VALIDATION).isEmpty()
        && settings.value(DATA_VALIDATION_FRACTION) > 0) {
      throw ConveneException.usage(
          "%s and %s exclude each other: keep one",
          settings.told(DATA_VALIDATION), settings.told(DATA_VALIDATION_FRACTION));
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
