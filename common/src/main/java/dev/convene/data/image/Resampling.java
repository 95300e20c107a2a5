package dev.convene.data.image;

/**
 * How a line of pixels becomes one of another length: each new pixel is a weighted mean of old ones
 * around its place. The weights fall linearly to 0 over the width of one pixel, the old or the new,
 * whichever is larger: interpolation where the line grows, averaging of all it covers where it
 * shrinks. It is what Pillow and torchvision call bilinear (with antialiasing), and leaves a line
 * of the same length as it is.
 */
final class Resampling {
  private final int[] first;
  private final double[][] weights;

  private Resampling(int[] first, double[][] weights) {
    this.first = first;
    this.weights = weights;
  }

  static Resampling of(int oldLength, int newLength) {
    double scale = (double) oldLength / newLength;
    double reach = Math.max(scale, 1);
    int[] first = new int[newLength];
    double[][] weights = new double[newLength][];
    for (int pixel = 0; pixel < newLength; pixel++) {
      double place = (pixel + 0.5) * scale;
      first[pixel] = (int) Math.max(0, Math.floor(place - reach));
      int end = (int) Math.min(oldLength, Math.ceil(place + reach));
      weights[pixel] = weights(first[pixel], end, place, reach);
    }
    return new Resampling(first, weights);
  }

  private static double[] weights(int first, int end, double place, double reach) {
    double[] weights = new double[end - first];
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      weights[i] = Math.max(0, 1 - Math.abs(first + i + 0.5 - place) / reach);
      sum += weights[i];
    }
    for (int i = 0; i < weights.length; i++) {
      weights[i] /= sum;
    }
    return weights;
  }

  /** The first old pixel that the new one takes from; ascends with the new ones. */
  int first(int pixel) {
    return first[pixel];
  }

  /** After the last old pixel that the new one takes from; ascends with the new ones. */
  int end(int pixel) {
    return first[pixel] + weights[pixel].length;
  }

  /** Of an old pixel, from {@link #first} to before {@link #end}. */
  double weight(int pixel, int old) {
    return weights[pixel][old - first[pixel]];
  }

  /** Resamples a line of old pixels, each of so many bands, one after the other. */
  void apply(double[] line, int bands, double[] to) {
    for (int pixel = 0; pixel < first.length; pixel++) {
      for (int band = 0; band < bands; band++) {
        double sum = 0;
        int at = first[pixel] * bands + band;
        for (double weight : weights[pixel]) {
          sum += weight * line[at];
          at += bands;
        }
        to[pixel * bands + band] = sum;
      }
    }
  }
}
