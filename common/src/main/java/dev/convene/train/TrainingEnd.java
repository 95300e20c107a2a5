package dev.convene.train;

/**
 * How a training ended.
 *
 * @param epoch whose parameters are kept, from 1
 * @param cause why there was no further epoch
 * @param metric that epochs were compared by
 * @param best its value at the kept epoch; null if epochs were not compared
 */
public record TrainingEnd(int epoch, Cause cause, ValidationMetric metric, Double best) {
  /** Why a training ended. */
  public enum Cause {
    /** All epochs were trained. */
    LAST_EPOCH,
    /** No epoch had been better for as long as early stopping waits. */
    EARLY_STOPPING,
    /** Another epoch would have changed nothing. */
    CONVERGED,
    /** The time was up. */
    TIME_LIMIT
  }
}
