package dev.convene.optim;

/** The rate stays as it is. */
public record FlatCurve() implements RateCurve {
  @Override
  public double rate(double base, long count, long length) {
    return base;
  }
}
