package dev.convene.nn;

/**
 * Inverted dropout: a unit's factor is 0 with probability p, else 1 / (1 - p). p is rounded to a
 * multiple of 2^-16.
 *
 * <p>Which units are dropped is a function of the stream, the layer, the row's place in its
 * minibatch and the unit, so nothing is stored and no order of evaluation matters. One draw of 64
 * bits decides four units.
 */
final class Dropout {
  private static final int UNITS_PER_DRAW = 4;
  private static final int BITS = 16;

  private final int threshold;
  private final float[] factorIfDropped;

  Dropout(float p) {
    threshold = Math.min(Math.round(p * (1 << BITS)), (1 << BITS) - 1);
    factorIfDropped = new float[] {1 / (1 - p), 0f};
  }

  /**
   * Draws the factors of a layer's units.
   *
   * @param firstRow the place of the first row in its minibatch
   * @param factors takes them, [rows][width]
   */
  void draw(RandomStream stream, int layer, int firstRow, int rows, int width, float[] factors) {
    int drawsPerRow = (width + UNITS_PER_DRAW - 1) / UNITS_PER_DRAW;
    for (int row = 0; row < rows; row++) {
      long place = ((long) layer << 48) + (long) (firstRow + row) * drawsPerRow;
      int at = row * width;
      int end = at + width;
      for (; at + UNITS_PER_DRAW <= end; at += UNITS_PER_DRAW) {
        long bits = stream.bitsAt(place++);
        factors[at] = factor(bits);
        factors[at + 1] = factor(bits >>> BITS);
        factors[at + 2] = factor(bits >>> (2 * BITS));
        factors[at + 3] = factor(bits >>> (3 * BITS));
      }
      long bits = stream.bitsAt(place);
      for (; at < end; at++) {
        factors[at] = factor(bits);
        bits >>>= BITS;
      }
    }
  }

  /** By the lowest bits, without a branch that would mispredict. */
  private float factor(long bits) {
    int uniform = (int) bits & ((1 << BITS) - 1);
    return factorIfDropped[(uniform - threshold) >>> 31];
  }
}
