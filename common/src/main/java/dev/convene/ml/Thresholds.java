package dev.convene.ml;

import dev.convene.ConveneException;

/** Which class is predicted for a row, by MLlib's rule: see its Param {@code thresholds}. */
final class Thresholds {
  private Thresholds() {}

  /**
   * A classifier's thresholds by class; null if it has none.
   *
   * @throws ConveneException (usage) if they are not as many as its classes
   */
  static double[] of(NeuralNetworkClassificationModel model) {
    if (!model.isDefined(model.thresholds())) {
      return null;
    }
    double[] thresholds = model.getThresholds();
    if (thresholds.length != model.numClasses()) {
      throw ConveneException.usage(
          "there are %s thresholds, but the model has %s classes: set one for each class",
          thresholds.length, model.numClasses());
    }
    return thresholds;
  }

  /**
   * Without thresholds the class of the largest output, else of the largest probability /
   * threshold; of equals the first, and of classes without a number the first of all. So a class of
   * threshold 0 comes before all others, unless its probability is 0 too.
   *
   * @param outputs of the network for the row
   * @param probabilities the softmax of the outputs
   * @param thresholds by class, at most one of them 0; null: none, and no probabilities are needed
   */
  static int predictedClass(double[] outputs, double[] probabilities, double[] thresholds) {
    int best = 0;
    double largest = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < outputs.length; k++) {
      double score = thresholds == null ? outputs[k] : probabilities[k] / thresholds[k];
      if (score > largest) {
        largest = score;
        best = k;
      }
    }
    return best;
  }
}
