package dev.convene.optim;

/**
 * A curve of the learning rate, and maybe a linear warm-up in front of it: SequentialLR of LinearLR
 * and the curve's own scheduler.
 *
 * @param base the learning rate that the user set, above 0
 * @param isByEpoch it counts epochs, as if PyTorch's scheduler were called after each of them; else
 *     steps
 * @param length counts until the end of the curve, warm-up not included, or {@link #TO_THE_END}
 * @param warmUp counts of the warm-up, at least 0
 * @param warmUpFactor where the warm-up starts: this share of the curve's first rate, in [0, 1]
 */
public record CurveSchedule(
    double base, RateCurve curve, boolean isByEpoch, int length, int warmUp, double warmUpFactor)
    implements Schedule {

  /** The curve has all counts that the training has left after the warm-up. */
  public static final int TO_THE_END = 0;

  @Override
  public double rate(Step step) {
    long count = isByEpoch ? step.epoch() - 1 : step.number() - 1;
    long available = (isByEpoch ? step.epochs() : step.total()) - warmUp;
    long counts = length == TO_THE_END ? Math.max(1, available) : length;
    double rate = curve.rate(base, Math.max(0, count - warmUp), counts);
    return count < warmUp ? rate * (warmUpFactor + (1 - warmUpFactor) * count / warmUp) : rate;
  }
}
