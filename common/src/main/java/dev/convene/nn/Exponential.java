package dev.convene.nn;

/**
 * e^x in float32, within 2 units in the last place, for x in [-88, 88], which it is brought into.
 * Its two factors are kept apart, so that e^x - 1 is as exact near 0. Its buffers make it a
 * one-thread object.
 *
 * <p>e^x = 2^n e^r, where n is the integer next to x / ln 2 and e^r its Taylor series (W. J. Cody
 * and W. Waite, Software Manual for the Elementary Functions, 1980). Only the power of two needs
 * bits of a number: it has a loop of its own, so that the JIT turns the others, which have all the
 * arithmetic, into vector instructions. All of it is float32 without fused operations: these have
 * the same bits as vector instructions or not.
 */
final class Exponential {
  private static final float LOG2_E = (float) (1 / Math.log(2));

  /** ln 2 in two parts; the first has so few bits that n times it is exact. */
  private static final float LN2_HIGH = 0x1.63p-1f;

  private static final float LN2_LOW = (float) (Math.log(2) - LN2_HIGH);

  /** Added to a small number, it rounds it to an integer, which the last bits of the sum are. */
  private static final float ROUNDER = 0x1.8p23f;

  private static final float LIMIT = 88;

  /** 2^n at the last 8 bits of n, for n in [-127, 127]; infinite at 127. */
  private static final float[] POWERS = new float[256];

  static {
    for (int n = -127; n < 127; n++) {
      POWERS[n & 255] = Math.scalb(1f, n);
    }
    POWERS[127] = Float.POSITIVE_INFINITY;
  }

  private final float[] powers;
  private final float[] rests;

  /**
   * @param size the most numbers at once
   */
  Exponential(int size) {
    powers = new float[size];
    rests = new float[size];
  }

  /**
   * Computes those of the first numbers: of each, {@code powers[i] * (1 + rests[i])}.
   *
   * @param x numbers out of range are replaced by the nearest in range
   */
  void compute(float[] x, int count) {
    // All loops run over whole arrays from 0, or the JIT would not see that they are aligned.
    for (int i = 0; i < count; i++) {
      float within = Math.max(-LIMIT, Math.min(x[i], LIMIT));
      x[i] = within;
      powers[i] = within * LOG2_E + ROUNDER;
    }
    for (int i = 0; i < count; i++) {
      powers[i] = POWERS[Float.floatToRawIntBits(powers[i]) & 255];
    }
    for (int i = 0; i < count; i++) {
      float within = x[i];
      float n = within * LOG2_E + ROUNDER - ROUNDER;
      float r = within - n * LN2_HIGH - n * LN2_LOW;
      float series = 1f / 120 + r * (1f / 720 + r * (1f / 5040));
      rests[i] = r * (1 + r * (1f / 2 + r * (1f / 6 + r * (1f / 24 + r * series))));
    }
  }

  /** 2^n of each number. */
  float[] powers() {
    return powers;
  }

  /** e^r - 1 of each number, r in [-0.35, 0.35]. */
  float[] rests() {
    return rests;
  }
}
