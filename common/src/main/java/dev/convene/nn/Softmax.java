package dev.convene.nn;

/** From outputs to probabilities. */
public final class Softmax {
  private Softmax() {}

  /** Replaces outputs by exp(output) over the sum of all, without overflow. */
  public static void inPlace(double[] outputs) {
    double max = Double.NEGATIVE_INFINITY;
    for (double output : outputs) {
      max = Math.max(max, output);
    }
    double sum = 0;
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = Math.exp(outputs[i] - max);
      sum += outputs[i];
    }
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] /= sum;
    }
  }
}
