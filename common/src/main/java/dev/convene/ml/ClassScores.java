package dev.convene.ml;

import dev.convene.nn.Softmax;

/** How a network scores the classes for a row. */
final class ClassScores {
  private final double[] outputs;
  private double[] probabilities;

  /**
   * @param outputs of the network, by class; kept
   */
  ClassScores(double[] outputs) {
    this.outputs = outputs;
  }

  /** The outputs, by class. */
  double[] outputs() {
    return outputs;
  }

  /** The outputs' softmax, by class: computed once, and only if asked for. */
  double[] probabilities() {
    if (probabilities == null) {
      probabilities = outputs.clone();
      Softmax.inPlace(probabilities);
    }
    return probabilities;
  }
}
