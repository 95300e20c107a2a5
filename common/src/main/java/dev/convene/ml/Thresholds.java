package dev.convene.ml;

import dev.convene.ConveneException;
import java.io.Serializable;

/** Which class is predicted for a row, by MLlib's rule: see its Param {@code thresholds}. */
final class Thresholds implements Serializable {
  private static final long serialVersionUID = 1;

  /** No thresholds: the largest output decides. */
  static final Thresholds NONE = new Thresholds(new double[0]);

  private final double[] byClass;

  private Thresholds(double[] byClass) {
    this.byClass = byClass;
  }

  /**
   * @param byClass a number of at least 0 for each class, at most one of them 0
   */
  static Thresholds of(double... byClass) {
    return new Thresholds(byClass.clone());
  }

  /**
   * Those that the Params set, or {@link #NONE}.
   *
   * @throws ConveneException (usage) if they are not as many as the classes
   */
  static Thresholds of(NeuralNetworkClassifierParams params, int classes) {
    if (!params.isDefined(params.thresholds())) {
      return NONE;
    }
    double[] thresholds = params.getThresholds();
    if (thresholds.length != classes) {
      throw ConveneException.usage(
          "there are %s thresholds, but the model has %s classes: set one for each class",
          thresholds.length, classes);
    }
    return new Thresholds(thresholds);
  }

  /**
   * Without thresholds the class of the largest output, else of the largest probability /
   * threshold; of equals the first, and of classes without a number the first of all. So a class of
   * threshold 0 comes before all others, unless its probability is 0 too.
   */
  int predictedClass(ClassScores scores) {
    return byClass.length == 0
        ? firstOfLargest(scores.outputs())
        : predictedClass(scores.probabilities());
  }

  /** The class of the largest probability / threshold. */
  int predictedClass(double[] probabilities) {
    double[] shares = new double[probabilities.length];
    for (int k = 0; k < shares.length; k++) {
      shares[k] = probabilities[k] / byClass[k];
    }
    return firstOfLargest(shares);
  }

  private static int firstOfLargest(double[] scores) {
    int best = 0;
    double largest = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < scores.length; k++) {
      if (scores[k] > largest) {
        largest = scores[k];
        best = k;
      }
    }
    return best;
  }
}
