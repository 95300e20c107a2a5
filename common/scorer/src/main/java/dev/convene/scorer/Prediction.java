package dev.convene.scorer;

import java.util.Arrays;

/** What a model says of a row. */
public final class Prediction {
  private final String label;
  private final double[] numbers;

  private Prediction(String label, double[] numbers) {
    this.label = label;
    this.numbers = numbers;
  }

  static Prediction classification(String label, double[] probabilities) {
    return new Prediction(label, probabilities);
  }

  static Prediction regression(float[] outputs) {
    double[] numbers = new double[outputs.length];
    for (int k = 0; k < numbers.length; k++) {
      numbers[k] = outputs[k];
    }
    return new Prediction(null, numbers);
  }

  /**
   * The predicted class by its name, or by its index if classes have none.
   *
   * @throws IllegalStateException if the model is a regression
   */
  public String label() {
    requireClassification(true);
    return label;
  }

  /**
   * The probabilities of the classes, in the order of {@link Scorer#labels}.
   *
   * @throws IllegalStateException if the model is a regression
   */
  public double[] probabilities() {
    requireClassification(true);
    return numbers.clone();
  }

  /**
   * The predicted numbers, one or several.
   *
   * @throws IllegalStateException if the model is a classifier
   */
  public double[] outputs() {
    requireClassification(false);
    return numbers.clone();
  }

  private void requireClassification(boolean wanted) {
    if (wanted != (label != null)) {
      throw new IllegalStateException(
          wanted
              ? "the model is a regression: it has outputs, and neither label nor probabilities"
              : "the model is a classifier: it has a label and probabilities, and no outputs");
    }
  }

  @Override
  public String toString() {
    return label == null ? Arrays.toString(numbers) : label + " " + Arrays.toString(numbers);
  }
}
