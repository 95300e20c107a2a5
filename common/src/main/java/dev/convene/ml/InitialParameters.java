package dev.convene.ml;

import dev.convene.ConveneException;
import dev.convene.nn.DenseLayer;
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

  static InitialParameters of(TrainedModel model) {
    return new InitialParameters(model.parameters(), model.network());
  }

  /**
   * The parameters, for that network.
   *
   * @throws ConveneException (data) if they are another number, or of a model of another shape
   */
  float[] forNetwork(Network other) {
    if (network != null && !shape(network).equals(shape(other))) {
      throw ConveneException.data(
          "the initial model is a network of %s, but the one to train has %s: "
              + "train from a model with the same features, outputs, hidden layers and activation",
          shape(network), shape(other));
    }
    if (values.length != other.parameterCount()) {
      throw ConveneException.data(
          "there are %s initial parameters, but a network of %s has %s",
          values.length, widths(other), other.parameterCount());
    }
    return values;
  }

  private static String shape(Network network) {
    return network.layers().size() == 1
        ? widths(network)
        : widths(network) + " with " + NeuralNetworkParams.settingName(network.activation());
  }

  private static String widths(Network network) {
    return "%d inputs and layers of %s"
        .formatted(network.inputs(), network.layers().stream().map(DenseLayer::outputs).toList());
  }
}
