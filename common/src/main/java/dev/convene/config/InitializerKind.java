package dev.convene.config;

import dev.convene.nn.Initializer;

/** The initializers that can be chosen, by their {@link SettingName}s. */
public enum InitializerKind {
  XAVIER,
  KAIMING,
  XAVIER_UNIFORM,
  XAVIER_NORMAL,
  KAIMING_UNIFORM,
  KAIMING_NORMAL,
  NORMAL,
  UNIFORM,
  ZEROS,
  PYTORCH;

  /** The chosen initializer with its chosen hyperparameters. */
  public static Initializer chosenBy(Chosen chosen) {
    return switch (chosen.value(Keys.MODEL_INITIALIZER)) {
      case XAVIER -> Initializer.XAVIER;
      case KAIMING -> Initializer.KAIMING;
      case XAVIER_UNIFORM -> Initializer.xavierUniform(chosen.value(Keys.INITIALIZER_GAIN));
      case XAVIER_NORMAL -> Initializer.xavierNormal(chosen.value(Keys.INITIALIZER_GAIN));
      case KAIMING_UNIFORM ->
          Initializer.kaimingUniform(
              chosen.value(Keys.INITIALIZER_FAN), ActivationKind.chosenBy(chosen));
      case KAIMING_NORMAL ->
          Initializer.kaimingNormal(
              chosen.value(Keys.INITIALIZER_FAN), ActivationKind.chosenBy(chosen));
      case NORMAL ->
          Initializer.normal(
              chosen.value(Keys.INITIALIZER_MEAN), chosen.value(Keys.INITIALIZER_STD));
      case UNIFORM ->
          Initializer.uniform(
              chosen.value(Keys.INITIALIZER_LOW), chosen.value(Keys.INITIALIZER_HIGH));
      case ZEROS -> Initializer.ZEROS;
      case PYTORCH -> Initializer.PYTORCH;
    };
  }
}
