package dev.convene.scorer;

/** The standard normal distribution. */
final class StandardNormal {
  /** Of the best polynomial of degree 7 by relative error, 1.1e-7: the one that training has. */
  private static final double[] TAIL = {
    0.11962324,
    0.12084599,
    0.099344015,
    0.13042758,
    -0.057190053,
    0.21014498,
    -0.15939483,
    0.036199078
  };

  private StandardNormal() {}

  /**
   * The probability of a number below z: for z below 0 exp(-z^2 / 2) t P(t), t = 1 / (1 - 0.3 z).
   */
  static double probabilityBelow(double z) {
    double t = 1 / (1 + 0.3 * Math.abs(z));
    double polynomial = 0;
    for (int power = TAIL.length - 1; power >= 0; power--) {
      polynomial = polynomial * t + TAIL[power];
    }
    double tail = Math.exp(-z * z / 2) * t * polynomial;
    return z < 0 ? tail : 1 - tail;
  }
}
