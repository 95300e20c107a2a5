package dev.convene.ml;

/** By which class a row is predicted: MLlib's rule, see its Param {@code thresholds}. */
final class Thresholds {
  private Thresholds() {}

  /**
   * The class of the largest probability / threshold; of equals the first. A class of threshold 0
   * comes before all others, unless its probability is 0 too.
   *
   * @param probabilities by class
   * @param thresholds by class, at most one of them 0; null counts as all equal
   */
  static int predictedClass(double[] probabilities, double[] thresholds) {
    int best = 0;
    double largest = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < probabilities.length; k++) {
      double scaled = thresholds == null ? probabilities[k] : probabilities[k] / thresholds[k];
      if (scaled > largest) {
        largest = scaled;
        best = k;
      }
    }
    return best;
  }
}
