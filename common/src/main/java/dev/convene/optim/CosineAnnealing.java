package dev.convene.optim;

/**
 * Half a cosine wave from the rate down to a floor, and up again beyond the length:
 * CosineAnnealingLR (Loshchilov, Hutter, "SGDR", 2017).
 *
 * @param etaMin the floor, at least 0
 */
public record CosineAnnealing(double etaMin) implements RateCurve {
  @Override
  public double rate(double base, long count, long length) {
    return etaMin + (base - etaMin) * (1 + Math.cos(Math.PI * (double) count / length)) / 2;
  }
}
