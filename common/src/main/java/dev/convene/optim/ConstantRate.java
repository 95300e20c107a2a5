package dev.convene.optim;

/** See {@link Schedule#constant}. */
record ConstantRate(double rate) implements Schedule {
  @Override
  public double rate(int epoch, long step) {
    return rate;
  }

  @Override
  public boolean isConstant() {
    return true;
  }
}
