package dev.convene.ml;

import static java.util.stream.Collectors.joining;

import dev.convene.ConveneException;
import dev.convene.nn.DenseLayer;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.Network;
import java.io.Serializable;
import java.util.function.Supplier;

/** The parameters that training starts from, in the order that {@link Network} defines. */
@FunctionalInterface
interface InitialParameters extends Serializable {
  /** Those that the network's own initializer draws. */
  InitialParameters DRAWN = (network, drawn) -> drawn.get();

  static InitialParameters of(float[] values) {
    float[] given = values.clone();
    return (network, drawn) -> {
      if (given.length != network.parameterCount()) {
        throw ConveneException.data(
            "there are %s initial parameters, but a network of %s has %s",
            given.length, size(network), network.parameterCount());
      }
      return given;
    };
  }

  static InitialParameters of(NeuralNetworkModel model) {
    Network trained = model.network();
    InitialParameters given = of(model.parameters());
    return (network, drawn) -> {
      if (!isLike(trained, network)) {
        throw ConveneException.data(
            "the initial model is a network of %s, but the one to train has %s: "
                + "train from a model with the same features, outputs, hidden layers and activation",
            shape(trained), shape(network));
      }
      return given.forNetwork(network, drawn);
    };
  }

  /**
   * The parameters for that network.
   *
   * @param drawn gives those of the network's initializer
   * @throws ConveneException (data) if they are another number, or of a model of another shape
   */
  float[] forNetwork(Network network, Supplier<float[]> drawn);

  private static boolean isLike(Network one, Network other) {
    boolean dense = one instanceof DenseNetwork && other instanceof DenseNetwork;
    // Dense layers of another dropout are alike.
    return dense ? shape(one).equals(shape(other)) : one.summary().equals(other.summary());
  }

  private static String shape(Network network) {
    String size = size(network);
    if (network instanceof DenseNetwork dense && dense.layers().size() > 1) {
      return size + " with " + dense.activation().description();
    }
    return size;
  }

  private static String size(Network network) {
    return network instanceof DenseNetwork dense ? widths(dense) : described(network);
  }

  private static String widths(DenseNetwork network) {
    return "%d inputs and layers of %s"
        .formatted(network.inputs(), network.layers().stream().map(DenseLayer::outputs).toList());
  }

  private static String described(Network network) {
    return "%d inputs and layers %s"
        .formatted(
            network.inputs(),
            network.summary().stream()
                .map(layer -> (layer.name() + " " + layer.shape()).strip())
                .collect(joining(", ")));
  }
}
