package dev.convene.train;

import dev.convene.ConveneException;
import java.io.Serializable;

/**
 * When training stops before its last epoch: as validation does not get better any more. What it
 * remembers between epochs is the {@link Best}.
 *
 * @param metric of the validation rows that epochs are compared by
 * @param patience epochs without a better one after which training stops and the best epoch's
 *     parameters are kept; 0: never
 * @param minDelta by more than this a better epoch is better, at least 0
 */
public record EarlyStopping(ValidationMetric metric, int patience, double minDelta)
    implements Serializable {

  /** All epochs are trained, and the last one's parameters kept. */
  public static final EarlyStopping NEVER = new EarlyStopping(ValidationMetric.LOSS, 0, 0);

  /**
   * The best epoch so far, while early stopping is on.
   *
   * @param epoch from 1; 0 before the first
   * @param value of the metric
   * @param state at the epoch's end, without what the optimizer remembers; before the first epoch
   *     what training starts from
   */
  public record Best(int epoch, double value, TrainingState state) {
    /** Whether an epoch has been one that can be kept. */
    boolean isOfAnEpoch() {
      return epoch > 0;
    }

    private static Best of(int epoch, double value, float[] parameters) {
      return new Best(epoch, value, TrainingState.initial(parameters, 0));
    }
  }

  boolean isOn() {
    return patience > 0;
  }

  /** Before the first epoch. */
  Best initial(float[] parameters) {
    return Best.of(0, metric.worst(), parameters);
  }

  /**
   * The best epoch when another one has ended. One whose metric or parameters are not finite is
   * never the best.
   *
   * @param value of the metric; null without validation rows
   * @param parameters at the epoch's end
   * @throws ConveneException (data) if there are no validation rows
   */
  Best after(Best before, int epoch, Double value, float[] parameters) {
    if (!isOn()) {
      return before;
    }
    if (value == null) {
      throw ConveneException.data(
          "early stopping with a patience of %s needs validation rows, and there are none",
          patience);
    }
    return metric.isBetter(value, before.value(), minDelta) && areFinite(parameters)
        ? Best.of(epoch, value, parameters)
        : before;
  }

  private static boolean areFinite(float[] parameters) {
    return TrainingState.initial(parameters, 0).hasFiniteParameters();
  }

  boolean stopsAfter(int epoch, Best best) {
    return isOn() && epoch - best.epoch() >= patience;
  }
}
