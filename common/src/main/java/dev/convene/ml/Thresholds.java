package dev.convene.ml;

import dev.convene.ConveneException;
import dev.convene.nn.Predictions;

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
   * threshold; of equals the first. So a class of threshold 0 comes before all others, unless its
   * probability is 0 too.
   *
   * @param outputs of the network, where the row's begin {@code at}
   * @param probabilities by class: the softmax of the row's outputs
   * @param thresholds by class, at most one of them 0; may be null
   */
  static int predictedClass(float[] outputs, int at, double[] probabilities, double[] thresholds) {
    if (thresholds == null) {
      return Predictions.predictedClass(outputs, at, probabilities.length);
    }
    int best = 0;
    double largest = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < probabilities.length; k++) {
      double scaled = probabilities[k] / thresholds[k];
      if (scaled > largest) {
        largest = scaled;
        best = k;
      }
    }
    return best;
  }
}
