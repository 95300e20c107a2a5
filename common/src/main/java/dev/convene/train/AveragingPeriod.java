package dev.convene.train;

import java.io.Serializable;

/**
 * How many minibatches each worker makes between two averages.
 *
 * @param minibatches at least 1, or {@link #ONCE_AN_EPOCH}
 * @param warmStart epochs at the beginning of a training in which there is an average after every
 *     minibatch, at least 0
 * @param growth alpha of the quadratic synchronization rule (Gu et al., "A quadratic
 *     synchronization rule for distributed deep learning", 2024): there are at least (alpha /
 *     learning rate)^2 minibatches, so that averages become rarer as the rate falls; at least 0
 */
public record AveragingPeriod(int minibatches, double warmStart, double growth)
    implements Serializable {

  /** Parameters are averaged at the end of each epoch. */
  public static final int ONCE_AN_EPOCH = 0;

  /** The same all the time. */
  public static AveragingPeriod fixed(int minibatches) {
    return new AveragingPeriod(minibatches, 0, 0);
  }

  /**
   * Whether a training still makes its warm start.
   *
   * @param steps that it has made
   */
  boolean isWarmStart(long steps, long stepsPerEpoch) {
    return steps < warmStart * stepsPerEpoch;
  }

  /**
   * Minibatches until the next average, unless the epoch ends before.
   *
   * @param steps that the training has made
   * @param rate of the next step
   */
  int next(long steps, int stepsPerEpoch, double rate) {
    if (isWarmStart(steps, stepsPerEpoch)) {
      return 1;
    }
    int least = minibatches == ONCE_AN_EPOCH ? stepsPerEpoch : minibatches;
    if (growth == 0) {
      return least;
    }
    double grown = growth / rate;
    return (int) Math.max(least, Math.min(stepsPerEpoch, grown * grown));
  }
}
