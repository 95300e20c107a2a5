package dev.convene.nn;

import dev.ludovic.netlib.blas.BLAS;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

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
public record DenseNetwork(List<DenseLayer> layers, Activation activation, float dropout, Loss loss)
    implements Network {

  public DenseNetwork {
    layers = List.copyOf(layers);
  }

  /**
   * The network of these widths.
   *
   * @throws IllegalArgumentException if it has more parameters than an array can hold
   */
  public static DenseNetwork of(
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
    return new DenseNetwork(layers, activation, (float) dropout, loss);
  }

  @Override
  public int inputs() {
    return layers.get(0).inputs();
  }

  @Override
  public int outputs() {
    return layers.get(layers.size() - 1).outputs();
  }

  @Override
  public int parameterCount() {
    DenseLayer last = layers.get(layers.size() - 1);
    return last.offset() + last.parameterCount();
  }

  /** The widest of the hidden and output layers. */
  int widest() {
    return layers.stream().mapToInt(DenseLayer::outputs).max().orElseThrow();
  }

  @Override
  public List<LayerSummary> summary() {
    int last = layers.size() - 1;
    return IntStream.rangeClosed(0, last)
        .mapToObj(
            i ->
                new LayerSummary(
                    "dense " + (i + 1),
                    layers.get(i).inputs() + " -> " + layers.get(i).outputs(),
                    i < last ? afterHidden() : afterLast(),
                    layers.get(i).parameterCount()))
        .toList();
  }

  private String afterHidden() {
    String name = activation.name().toLowerCase(Locale.ROOT).replace('_', '-');
    return dropout == 0 ? name : name + ", dropout";
  }

  private String afterLast() {
    return switch (loss) {
      case SOFTMAX_CROSS_ENTROPY -> "softmax";
      case MEAN_SQUARED_ERROR -> "none";
    };
  }

  @Override
  public ForwardPass forwardPass(int maxRows, BLAS blas) {
    return new DenseForwardPass(this, maxRows, blas);
  }
}
