package dev.convene.nn;

import java.util.Arrays;

/**
 * The weights of a dense layer that sparse rows touch: those of inputs that are not 0 in all of
 * them. The others have no part in the outputs, and the loss's gradient by them is 0.
 *
 * <p>The touched ones stand side by side in arrays [touched inputs][outputs], and so can whatever
 * is kept of each weight, such as an optimizer's moments.
 */
public final class TouchedWeights {
  /** Inputs whose weights are copied together, so that they stay in the cache meanwhile. */
  private static final int COPIED_TOGETHER = 256;

  private final DenseLayer layer;

  /** Of each input, one more than its place among the touched ones; 0 if it is none of them. */
  private final int[] placeOf;

  private int[] inputs = {};
  private int count;
  private float[] weights = {};

  TouchedWeights(DenseLayer layer) {
    this.layer = layer;
    this.placeOf = new int[layer.inputs()];
  }

  /** None is touched any more. */
  void clear() {
    for (int i = 0; i < count; i++) {
      placeOf[inputs[i]] = 0;
    }
    count = 0;
  }

  /** Adds what these rows touch to what others have touched. */
  void touch(SparseRows x, float[] parameters) {
    int before = count;
    for (int entry = 0; entry < x.entries(); entry++) {
      int input = x.column(entry);
      if (placeOf[input] == 0) {
        if (count == inputs.length) {
          inputs = Arrays.copyOf(inputs, Math.max(x.entries(), 2 * count));
        }
        inputs[count++] = input;
        placeOf[input] = count;
      }
    }
    // In the order in which they lie in memory.
    Arrays.sort(inputs, before, count);
    for (int i = before; i < count; i++) {
      placeOf[inputs[i]] = i + 1;
    }
    if (weights.length < size()) {
      weights = Arrays.copyOf(weights, size());
    }
    gather(parameters, weights, before);
  }

  /** y [rows][outputs] = x weight^T + bias, of rows that have touched. */
  void forward(SparseRows x, float[] parameters, float[] y) {
    int outputs = layer.outputs();
    for (int row = 0; row < x.rows(); row++) {
      int to = row * outputs;
      System.arraycopy(parameters, layer.biasOffset(), y, to, outputs);
      for (int entry = x.firstEntry(row); entry < x.firstEntry(row + 1); entry++) {
        addScaled(x.value(entry), weights, place(x, entry), y, to, outputs);
      }
    }
  }

  /**
   * Adds the loss's gradient by the touched weights, dy^T x.
   *
   * @param x rows that have touched
   * @param dy the gradient by their outputs, [rows][outputs]
   * @param gradient [touched inputs][outputs]
   */
  void addGradient(SparseRows x, float[] dy, float[] gradient) {
    int outputs = layer.outputs();
    for (int row = 0; row < x.rows(); row++) {
      int from = row * outputs;
      for (int entry = x.firstEntry(row); entry < x.firstEntry(row + 1); entry++) {
        addScaled(x.value(entry), dy, from, gradient, place(x, entry), outputs);
      }
    }
  }

  private int place(SparseRows x, int entry) {
    return (placeOf[x.column(entry)] - 1) * layer.outputs();
  }

  private static void addScaled(float factor, float[] x, int from, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) {
      y[to + i] += factor * x[from + i];
    }
  }

  /** How many they are. */
  public int size() {
    return count * layer.outputs();
  }

  /** The place of the layer's first weight among the network's parameters. */
  public int offset() {
    return layer.offset();
  }

  /** How many weights the layer has, untouched ones included. */
  public int layerSize() {
    return layer.inputs() * layer.outputs();
  }

  /** The weights, [touched inputs][outputs], may be longer: free to be changed and put back. */
  public float[] weights() {
    return weights;
  }

  /** What an array that is as long as the network's parameters has in the touched places. */
  public float[] gathered(float[] flat) {
    float[] touched = new float[size()];
    gather(flat, touched, 0);
    return touched;
  }

  private void gather(float[] flat, float[] touched, int first) {
    int outputs = layer.outputs();
    for (int from = first; from < count; from += COPIED_TOGETHER) {
      int to = Math.min(count, from + COPIED_TOGETHER);
      for (int output = 0; output < outputs; output++) {
        int row = layer.offset() + output * layer.inputs();
        for (int i = from; i < to; i++) {
          touched[i * outputs + output] = flat[row + inputs[i]];
        }
      }
    }
  }

  /**
   * The opposite of {@link #gathered}: changes an array that is as long as the network's parameters
   * in the touched places.
   *
   * @param touched [touched inputs][outputs], may be longer
   */
  public void scatter(float[] touched, float[] flat) {
    int outputs = layer.outputs();
    for (int from = 0; from < count; from += COPIED_TOGETHER) {
      int to = Math.min(count, from + COPIED_TOGETHER);
      for (int output = 0; output < outputs; output++) {
        int row = layer.offset() + output * layer.inputs();
        for (int i = from; i < to; i++) {
          flat[row + inputs[i]] = touched[i * outputs + output];
        }
      }
    }
  }
}
