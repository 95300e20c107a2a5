package dev.convene.config;

/**
 * What somebody has chosen, in a settings file and on a command line or as Params of an Estimator:
 * the rules between settings are the same, and speak of them as they were written.
 */
public interface Chosen {
  /**
   * The value in force: the chosen one, else the default.
   *
   * @throws IllegalArgumentException if what is chosen does not have this setting
   */
  <T> T value(Setting<T> setting);

  /** Whether a value other than the default's was asked for, be it the same. */
  boolean isGiven(Setting<?> setting);

  /** Whether labels are classes; else they are numbers. */
  boolean classifies();

  /** Whether there are rows to validate on. */
  boolean hasValidationRows();

  /** The setting as the user calls it: {@code train.batch-size} or {@code batchSize}. */
  String name(Setting<?> setting);

  /** The last part of the name, which says enough beside what is chosen. */
  String shortName(Setting<?> setting);

  /**
   * With its value and origin: {@code train.batch-size = 0 (my.conf: 4)} or {@code batchSize = 0}.
   */
  String described(Setting<?> setting);

  /** Without its value: {@code data.weight is set (my.conf: 4)} or {@code weightCol is set}. */
  String isSet(Setting<?> setting);

  /** What to set in order to have rows to validate on. */
  String validationRemedy();
}
