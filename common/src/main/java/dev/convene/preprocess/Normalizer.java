package dev.convene.preprocess;

/** The norm by which a row's numeric features are divided; rows of zeros stay as they are. */
public enum Normalizer {
  /** The row stays as it is. */
  NONE(Double.NaN),
  /** The sum of absolute values. */
  L1(1),
  /** The Euclidean norm. */
  L2(2),
  /** The largest absolute value. */
  MAX(Double.POSITIVE_INFINITY);

  private final double p;

  Normalizer(double p) {
    this.p = p;
  }

  /** The p of the p-norm. */
  double p() {
    return p;
  }
}
