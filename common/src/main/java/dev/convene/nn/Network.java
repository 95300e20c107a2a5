package dev.convene.nn;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * A feed-forward network of dense layers: what it computes, without its parameters. These are one
 * flat float32 array, layer by layer, weight [out][in] row-major, then bias (PyTorch's order).
 *
 * @param layers from input to output, at least one; without a hidden layer it is softmax or linear
 *     regression
 * @param activation after every layer but the last
 * @param dropout the probability with which a hidden unit is dropped while training, in [0, 1)
 * @param loss compared with the last layer's outputs
 */
public record Network(List<DenseLayer> layers, Activation activation, float dropout, Loss loss)
    implements Serializable {

  public Network {
    layers = List.copyOf(layers);
  }

  /**
   * The network of these widths.
   *
   * @throws IllegalArgumentException if it has more parameters than an array can hold
   */
  public static Network of(
      int inputs,
      List<Integer> hidden,
      int outputs,
      Activation activation,
      double dropout,
      Loss loss) {
    List<DenseLayer> layers = new ArrayList<>();
    List<Integer> widths = new ArrayList<>(hidden);
    widths.add(outputs);
    int width = inputs;
    long offset = 0;
    for (int next : widths) {
      long end = offset + (long) next * width + next;
      if (end > Integer.MAX_VALUE - 8) {
        throw new IllegalArgumentException(
            "a network of widths " + inputs + " " + widths + " has more than 2^31 parameters");
      }
      layers.add(new DenseLayer(width, next, (int) offset));
      offset = end;
      width = next;
    }
    return new Network(layers, activation, (float) dropout, loss);
  }

  public int inputs() {
    return layers.get(0).inputs();
  }

  public int outputs() {
    return layers.get(layers.size() - 1).outputs();
  }

  /** Weights and biases of all layers. */
  public int parameterCount() {
    DenseLayer last = layers.get(layers.size() - 1);
    return last.offset() + last.parameterCount();
  }

  /** The widest of the hidden and output layers. */
  int widest() {
    return layers.stream().mapToInt(DenseLayer::outputs).max().orElseThrow();
  }

  /** Targets of one row, see {@link Loss#targetsPerRow}. */
  public int targetsPerRow() {
    return loss.targetsPerRow(outputs());
  }
}
