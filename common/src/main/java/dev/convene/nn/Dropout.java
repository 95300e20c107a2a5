package dev.convene.nn;

/**
 * Inverted dropout: a unit's factor is 0 with probability p, else 1 / (1 - p). p is rounded to a
 * multiple of 2^-15.
 *
 * <p>Which units are dropped is a function of the stream, the layer, the row's place in its
 * minibatch and the unit, so nothing is stored and no order of evaluation matters. One draw of 64
 * bits decides four units, all at once: 16 bits each, of which the lower 15 are compared with p.
 */
final class Dropout {
  private static final int UNITS = 4;
  private static final int ONE = 1 << 15;
  private static final long EACH_UNIT = 0x0001_0001_0001_0001L;

  /** Brings the bits 0, 16, 32 and 48 together to 48, 49, 50 and 51. */
  private static final long GATHER = (1L << 48) | (1L << 33) | (1L << 18) | (1L << 3);

  private final long complement;

  /** The factors of four units, for each of the 16 ways to keep or drop them. */
  private final float[] factorsOf = new float[16 * UNITS];

  Dropout(float p) {
    int threshold = Math.min(Math.round(p * ONE), ONE - 1);
    complement = (ONE - threshold) * EACH_UNIT;
    for (int kept = 0; kept < 16; kept++) {
      for (int unit = 0; unit < UNITS; unit++) {
        factorsOf[kept * UNITS + unit] = ((kept >>> unit) & 1) / (1 - p);
      }
    }
  }

  /**
   * Draws the factors of a layer's units.
   *
   * @param firstRow the place of the first row in its minibatch
   * @param factors takes them, [rows][width]
   */
  void draw(RandomStream stream, int layer, int firstRow, int rows, int width, float[] factors) {
    int drawsPerRow = (width + UNITS - 1) / UNITS;
    for (int row = 0; row < rows; row++) {
      long place = ((long) layer << 48) + (long) (firstRow + row) * drawsPerRow;
      int at = row * width;
      int end = at + width;
      for (; at + UNITS <= end; at += UNITS) {
        int kept = kept(stream.bitsAt(place++)) * UNITS;
        factors[at] = factorsOf[kept];
        factors[at + 1] = factorsOf[kept + 1];
        factors[at + 2] = factorsOf[kept + 2];
        factors[at + 3] = factorsOf[kept + 3];
      }
      if (at < end) {
        System.arraycopy(factorsOf, kept(stream.bitsAt(place)) * UNITS, factors, at, end - at);
      }
    }
  }

  /**
   * The factor of one unit, as {@link #draw} draws it.
   *
   * @param row the row's place in its minibatch
   */
  float factor(RandomStream stream, int layer, int row, int unit, int width) {
    int drawsPerRow = (width + UNITS - 1) / UNITS;
    long place = ((long) layer << 48) + (long) row * drawsPerRow + unit / UNITS;
    return factorsOf[kept(stream.bitsAt(place)) * UNITS + unit % UNITS];
  }

  /** Which of four units are kept: bit i stands for unit i. */
  private int kept(long bits) {
    long uniform = bits & ((ONE - 1) * EACH_UNIT);
    // Reaches the 16th bit of a unit that is not below the threshold, and never the next unit.
    long reached = ((uniform + complement) >>> 15) & EACH_UNIT;
    return (int) ((reached * GATHER) >>> 48) & 15;
  }
}
