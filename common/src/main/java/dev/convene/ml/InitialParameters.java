package dev.convene.ml;

import static java.util.stream.Collectors.joining;

import dev.convene.ConveneException;
import dev.convene.config.SettingName;
import dev.convene.nn.DenseLayer;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.Network;
import java.io.Serializable;

/** Parameters to start training from, in the order that {@link Network} tells. */
final class InitialParameters implements Serializable {
  private static final long serialVersionUID = 1;

  private final float[] values;
  private final Network network;

  private InitialParameters(float[] values, Network network) {
    this.values = values;
    this.network = network;
  }

  static InitialParameters of(float[] values) {
    return new InitialParameters(values.clone(), null);
  }

  static InitialParameters of(NeuralNetworkModel model) {
    return new InitialParameters(model.parameters(), model.network());
  }

  /**
   * The parameters, for that network.
   *
   * @throws ConveneException (data) if they are another number, or of a model of another shape
   */
  float[] forNetwork(Network other) {
    if (network != null && !isLike(network, other)) {
      throw ConveneException.data(
          "the initial model is a network of %s, but the one to train has %s: "
              + "train from a model with the same features, outputs, hidden layers and activation",
          shape(network), shape(other));
    }
    if (values.length != other.parameterCount()) {
      throw ConveneException.data(
          "there are %s initial parameters, but a network of %s has %s",
          values.length, size(other), other.parameterCount());
    }
    return values;
  }

  private static boolean isLike(Network one, Network other) {
    boolean dense = one instanceof DenseNetwork && other instanceof DenseNetwork;
    // Dense layers of another dropout are alike.
    return dense ? shape(one).equals(shape(other)) : one.summary().equals(other.summary());
  }

  private static String shape(Network network) {
    String size = size(network);
    if (network instanceof DenseNetwork dense && dense.layers().size() > 1) {
      return size + " with " + SettingName.of(dense.activation());
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
