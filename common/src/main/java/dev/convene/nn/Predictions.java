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

  /** How many of the rows' predicted classes are their targets. */
  public static int correct(float[] outputs, float[] targets, int rows, int width) {
    int correct = 0;
    for (int row = 0; row < rows; row++) {
      if (predictedClass(outputs, row * width, width) == (int) targets[row]) {
        correct++;
      }
    }
    return correct;
  }
}
