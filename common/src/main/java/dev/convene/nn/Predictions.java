package dev.convene.nn;

/** What a classifier's outputs say. */
public final class Predictions {
  private Predictions() {}

  /** The class of the largest of {@code width} outputs from {@code at}; of equals the first. */
  public static int predictedClass(float[] outputs, int at, int width) {
    int best = 0;
    for (int i = 1; i < width; i++) {
      if (outputs[at + i] > outputs[at + best]) {
        best = i;
      }
    }
    return best;
  }

  /** The weights of the rows whose predicted classes are their targets, summed. */
  public static double correct(float[] outputs, RowBuffer of, int rows, int width) {
    double correct = 0;
    for (int row = 0; row < rows; row++) {
      if (predictedClass(outputs, row * width, width) == (int) of.targets()[row]) {
        correct += of.weights()[row];
      }
    }
    return correct;
  }
}
