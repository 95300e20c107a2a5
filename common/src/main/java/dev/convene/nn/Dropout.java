package dev.convene.nn;

/**
 * Inverted dropout: a unit is 0 with probability p, else scaled by 1 / (1 - p).
 *
 * <p>Which units are dropped is a function of the stream, the layer, the row's place in its
 * minibatch and the unit, so nothing is stored and no order of evaluation matters. One draw of 64
 * bits decides two units, each by 32 bits.
 */
final class Dropout {
  private Dropout() {}

  /** Drops among [rows][width] values, and their derivatives alike. */
  static void apply(
      float p,
      RandomStream stream,
      int layer,
      int firstRow,
      int rows,
      int width,
      float[] values,
      float[] derivatives) {
    long threshold = (long) (p * 0x1p32);
    float[] factor = {1 / (1 - p), 0f};
    int drawsPerRow = (width + 1) / 2;
    for (int row = 0; row < rows; row++) {
      long place = ((long) layer << 48) + (long) (firstRow + row) * drawsPerRow;
      int at = row * width;
      for (int unit = 0; unit + 1 < width; unit += 2) {
        long bits = stream.bitsAt(place++);
        float first = factor[dropped(bits >>> 32, threshold)];
        float second = factor[dropped(bits & 0xFFFFFFFFL, threshold)];
        values[at] *= first;
        derivatives[at++] *= first;
        values[at] *= second;
        derivatives[at++] *= second;
      }
      if (width % 2 == 1) {
        float factorOfLast = factor[dropped(stream.bitsAt(place) >>> 32, threshold)];
        values[at] *= factorOfLast;
        derivatives[at] *= factorOfLast;
      }
    }
  }

  /** 1 if the 32 uniform bits are below the threshold, without a branch that would mispredict. */
  private static int dropped(long bits, long threshold) {
    return (int) ((bits - threshold) >>> 63);
  }
}
