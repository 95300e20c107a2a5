package dev.convene.preprocess;

import dev.convene.ConveneException;

/**
 * What happens to the features before the network sees them, in this order.
 *
 * @param divideBy every feature is divided by this finite number above 0; 1 changes nothing
 * @param scaler then this scaler is fitted and applied
 */
public record PreprocessPlan(double divideBy, Scaler scaler) {
  /** Refuses a divisor that is not a finite number above 0. */
  public PreprocessPlan {
    if (!(divideBy > 0 && Double.isFinite(divideBy))) {
      throw ConveneException.usage(
          "preprocess.divide-by is %s; it must be a finite number above 0.", divideBy);
    }
  }
}
