package dev.convene.train;

import dev.convene.ConveneException;
import java.io.Serializable;

/**
 * When training stops before its last epoch: as validation does not get better any more. What it
 * remembers between epochs is the {@link Best}.
 *
 * @param patience epochs without a better validation loss after which training stops and the best
 *     epoch's parameters are kept; 0: never
 * @param minDelta by how much a better validation loss is lower, at least 0
 */
public record EarlyStopping(int patience, double minDelta) implements Serializable {

  /** All epochs are trained, and the last one's parameters kept. */
  public static final EarlyStopping NEVER = new EarlyStopping(0, 0);

  /**
   * The best epoch so far, while early stopping is on.
   *
   * @param epoch from 1; 0 before the first
   * @param loss of the validation rows; infinite before the first epoch
   * @param state at the epoch's end, without what the optimizer remembers; before the first epoch
   *     what training starts from
   */
  public record Best(int epoch, double loss, TrainingState state) {
    /** Whether an epoch has been one that can be kept. */
    boolean isOfAnEpoch() {
      return epoch > 0;
    }

    static Best initial(float[] parameters) {
      return of(0, Double.POSITIVE_INFINITY, parameters);
    }

    private static Best of(int epoch, double loss, float[] parameters) {
      return new Best(epoch, loss, TrainingState.initial(parameters, 0));
    }
  }

  boolean isOn() {
    return patience > 0;
  }

  /**
   * The best epoch when another one has ended. One whose validation loss or parameters are not
   * finite is never the best.
   *
   * @throws ConveneException (data) if it has no validation loss
   */
  Best after(Best before, EpochRecord record, TrainingState state) {
    if (!isOn()) {
      return before;
    }
    if (record.validationLoss() == null) {
      throw ConveneException.data(
          "early stopping with a patience of %s needs validation rows, and there are none",
          patience);
    }
    return record.validationLoss() < before.loss() - minDelta && state.hasFiniteParameters()
        ? Best.of(record.epoch(), record.validationLoss(), state.parameters())
        : before;
  }

  boolean stopsAfter(int epoch, Best best) {
    return isOn() && epoch - best.epoch() >= patience;
  }
}
