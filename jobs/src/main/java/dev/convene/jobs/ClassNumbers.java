package dev.convene.jobs;

import dev.convene.ConveneException;
import dev.convene.config.Keys;
import dev.convene.config.Setting;
import dev.convene.config.Settings;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * The numbers that settings give by label, in the order of the classes.
 *
 * @param weights at least one is above 0; empty if none are set
 * @param thresholds empty if none are set
 */
record ClassNumbers(Optional<double[]> weights, Optional<double[]> thresholds) {

  /**
   * Those of these classes; none for a regression.
   *
   * @throws ConveneException (usage) if a label is no class, or if all weights are 0
   */
  static ClassNumbers of(Settings settings, LabelColumn labels) {
    Optional<double[]> weights = byClass(settings, Keys.MODEL_CLASS_WEIGHTS, labels);
    if (weights.isPresent() && Arrays.stream(weights.get()).allMatch(weight -> weight == 0)) {
      throw ConveneException.usage(
          "%s weighs every class 0, so that nothing can be learnt: give one a weight above 0",
          Keys.MODEL_CLASS_WEIGHTS);
    }
    return new ClassNumbers(weights, byClass(settings, Keys.MODEL_THRESHOLDS, labels));
  }

  private static Optional<double[]> byClass(
      Settings settings, Setting<Map<String, Double>> setting, LabelColumn labels) {
    Map<String, Double> byLabel = settings.value(setting);
    return byLabel.isEmpty() ? Optional.empty() : Optional.of(labels.byClass(byLabel, setting));
  }
}
