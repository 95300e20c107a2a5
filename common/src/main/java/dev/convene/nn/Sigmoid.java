package dev.convene.nn;

/**
 * 1 / (1 + exp(-z)) in float32, within 3 units in the last place; 0 below z = -87.7, where that is
 * less than a normal number.
 *
 * <p>exp(x) = 2^n exp(r), where n is the integer next to x / ln 2 and exp(r) its Taylor series (W.
 * J. Cody and W. Waite, Software Manual for the Elementary Functions, 1980). Only the power of two
 * needs bits of a number: it has a loop of its own, so that the JIT turns the others, which have
 * all the arithmetic, into vector instructions. All of it is float32 without fused operations:
 * these have the same bits as vector instructions or not.
 */
final class Sigmoid {
  private static final float LOG2_E = (float) (1 / Math.log(2));

  /** ln 2 in two parts; the first has so few bits that n times it is exact. */
  private static final float LN2_HIGH = 0x1.63p-1f;

  private static final float LN2_LOW = (float) (Math.log(2) - LN2_HIGH);

  /** Added to a small number, it rounds it to an integer, which the last bits of the sum are. */
  private static final float ROUNDER = 0x1.8p23f;

  /** Beyond it sigmoid is 0 or 1. */
  private static final float LIMIT = 88;

  /** 2^n at the last 8 bits of n, for n in [-127, 127]; infinite at 127, which makes sigmoid 0. */
  private static final float[] POWERS = new float[256];

  static {
    for (int n = -127; n < 127; n++) {
      POWERS[n & 255] = Math.scalb(1f, n);
    }
    POWERS[127] = Float.POSITIVE_INFINITY;
  }

  /** Of so many values at once: small enough for the fastest cache. */
  private static final int CHUNK = 1024;

  private Sigmoid() {}

  /** Replaces the first n values z. */
  static void inPlace(float[] values, int n) {
    // All loops run over whole arrays from 0, or the JIT would not see that they are aligned.
    float[] chunk = new float[Math.min(n, CHUNK)];
    float[] powers = new float[chunk.length];
    for (int from = 0; from < n; from += CHUNK) {
      int count = Math.min(CHUNK, n - from);
      System.arraycopy(values, from, chunk, 0, count);
      inPlace(chunk, powers, count);
      System.arraycopy(chunk, 0, values, from, count);
    }
  }

  private static void inPlace(float[] z, float[] powers, int count) {
    for (int i = 0; i < count; i++) {
      float x = Math.max(-LIMIT, Math.min(-z[i], LIMIT));
      z[i] = x;
      powers[i] = x * LOG2_E + ROUNDER;
    }
    for (int i = 0; i < count; i++) {
      powers[i] = POWERS[Float.floatToRawIntBits(powers[i]) & 255];
    }
    for (int i = 0; i < count; i++) {
      float x = z[i];
      float n = x * LOG2_E + ROUNDER - ROUNDER;
      float r = x - n * LN2_HIGH - n * LN2_LOW;
      float series = 1f / 120 + r * (1f / 720 + r * (1f / 5040));
      series = 1 + r * (1 + r * (1f / 2 + r * (1f / 6 + r * (1f / 24 + r * series))));
      z[i] = 1 / (1 + powers[i] * series);
    }
  }
}
