package dev.convene.optim;

/**
 * At every count, the rate is multiplied by gamma: ExponentialLR.
 *
 * @param gamma above 0
 */
public record ExponentialDecay(double gamma) implements RateCurve {
  @Override
  public double rate(double base, long count, long length) {
    return base * Math.pow(gamma, (double) count);
  }
}
