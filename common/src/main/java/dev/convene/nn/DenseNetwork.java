package dev.convene.nn;

import dev.ludovic.netlib.blas.BLAS;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A feed-forward network of dense layers: what it computes, without its parameters. These are one
 * flat float32 array, layer by layer, weight [out][in] row-major, then bias (PyTorch's order).
 *
 * @param layers from input to output, at least one; without a hidden layer it is softmax or linear
 *     regression
 * @param activation after every layer but the last
 * @param dropout has a rate for every layer but the last
 * @param loss compared with the last layer's outputs
 */
public record DenseNetwork(
    List<DenseLayer> layers, Activation activation, DropoutRates dropout, Loss loss)
    implements Network {

  /** What all of them are. */
  public static final String KIND = "dense";

  private static final Pattern DESCRIPTION =
      Pattern.compile(
          "hidden=\\[((?:\\d+(?:, \\d+)*)?)] activation=(\\S+) dropout=(\\[.*]|\\S+?)"
              + "(?: input-dropout=(\\S+))?");

  /**
   * @throws IllegalArgumentException if there are not as many rates of dropout as hidden layers
   */
  public DenseNetwork {
    layers = List.copyOf(layers);
    if (dropout.hidden().size() != layers.size() - 1) {
      throw new IllegalArgumentException(
          "there are %s hidden layers, but %s rates of dropout"
              .formatted(layers.size() - 1, dropout.hidden().size()));
    }
  }

  /** Like the other, with the same rate of dropout for all hidden layers and none of the inputs. */
  public static DenseNetwork of(
      int inputs,
      List<Integer> hidden,
      int outputs,
      Activation activation,
      double dropout,
      Loss loss) {
    return of(
        inputs, hidden, outputs, activation, DropoutRates.ofHidden(dropout, hidden.size()), loss);
  }

  /**
   * The network of these widths.
   *
   * @throws IllegalArgumentException if it has more parameters than an array can hold, or not as
   *     many rates of dropout as hidden layers
   */
  public static DenseNetwork of(
      int inputs,
      List<Integer> hidden,
      int outputs,
      Activation activation,
      DropoutRates dropout,
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
    return new DenseNetwork(layers, activation, dropout, loss);
  }

  /**
   * The network that its {@link #description} describes.
   *
   * @throws IllegalArgumentException if it describes none
   */
  public static DenseNetwork parse(String description, int inputs, int outputs, Loss loss) {
    Matcher parts = DESCRIPTION.matcher(description);
    if (!parts.matches()) {
      throw new IllegalArgumentException("no dense network is described by " + description);
    }
    List<Integer> hidden =
        parts.group(1).isEmpty()
            ? List.of()
            : Arrays.stream(parts.group(1).split(", ")).map(Integer::valueOf).toList();
    float inputDropout = parts.group(4) == null ? 0 : Float.parseFloat(parts.group(4));
    return of(
        inputs,
        hidden,
        outputs,
        Activation.parse(parts.group(2)),
        DropoutRates.parse(parts.group(3), inputDropout, hidden.size()),
        loss);
  }

  @Override
  public String kind() {
    return KIND;
  }

  /**
   * As {@code hidden=[256, 256] activation=leaky-relu dropout=0.3}, or with {@code dropout=[0.2,
   * 0.5] input-dropout=0.1}.
   */
  @Override
  public String description() {
    return "hidden=%s activation=%s dropout=%s%s"
        .formatted(
            layers.stream().limit(layers.size() - 1L).map(DenseLayer::outputs).toList(),
            activation.description(),
            dropout.hiddenDescription(),
            dropout.inputs() == 0 ? "" : " input-dropout=" + dropout.inputs());
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
  public int widestLayer() {
    return Math.max(inputs(), layers.stream().mapToInt(DenseLayer::outputs).max().orElseThrow());
  }

  @Override
  public int parameterCount() {
    DenseLayer last = layers.get(layers.size() - 1);
    return last.offset() + last.parameterCount();
  }

  /** All that a row goes through, from input to output. */
  List<Layer> stack() {
    List<Layer> stack = new ArrayList<>();
    int last = layers.size() - 1;
    if (dropout.inputs() > 0) {
      stack.add(inputDropout());
    }
    for (int i = 0; i <= last; i++) {
      stack.add(layers.get(i));
      if (i < last) {
        float rate = dropout.hidden().get(i);
        stack.add(new ActivationLayer(activation, rate, layers.get(i).outputs(), i));
      }
    }
    return stack;
  }

  /** What drops the inputs in training, if the rate is above 0. */
  InputDropout inputDropout() {
    return new InputDropout(dropout.inputs(), inputs(), layers.size() - 1);
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
                    i < last ? afterHidden(i) : afterLast(),
                    layers.get(i).parameterCount()))
        .toList();
  }

  private String afterHidden(int layer) {
    return activation.description() + (dropout.hidden().get(layer) == 0 ? "" : ", dropout");
  }

  private String afterLast() {
    return loss.classifies() ? "softmax" : "none";
  }

  @Override
  public ForwardPass forwardPass(int maxRows, BLAS blas) {
    return new DenseNetworkForwardPass(this, maxRows, blas);
  }
}
