package dev.convene.optim;

/**
 * Every so many counts, the rate is multiplied by gamma: StepLR.
 *
 * @param stepSize at least 1
 * @param gamma above 0
 */
public record StepDecay(long stepSize, double gamma) implements RateCurve {
  @Override
  public double rate(double base, long count, long length) {
    long falls = count / stepSize;
    return base * Math.pow(gamma, (double) falls);
  }
}
