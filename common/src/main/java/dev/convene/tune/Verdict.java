package dev.convene.tune;

/** What a learning rate does to the loss in a short training. */
public enum Verdict {
  /** It grows, or is not finite: the rate is too large. */
  DIVERGES,
  /** It hardly changes: the rate is too small. */
  DOES_NOT_FALL,
  FALLS;

  /** A smaller change of the loss, as a share of it, is none. */
  private static final double LEAST_CHANGE = 0.01;

  /**
   * The verdict on a training.
   *
   * @param before the loss of the initial parameters
   * @param after the loss after the training; not a number if the training broke off
   */
  public static Verdict of(double before, double after) {
    if (!Double.isFinite(after) || after > before * (1 + LEAST_CHANGE)) {
      return DIVERGES;
    }
    return after > before * (1 - LEAST_CHANGE) ? DOES_NOT_FALL : FALLS;
  }
}
