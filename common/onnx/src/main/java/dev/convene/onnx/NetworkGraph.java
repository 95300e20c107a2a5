package dev.convene.onnx;

import static dev.convene.onnx.GraphBuilder.attribute;

import dev.convene.ConveneException;
import dev.convene.nn.Activation;
import dev.convene.nn.DenseLayer;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.LeakyRelu;
import dev.convene.nn.Network;
import java.util.List;
import java.util.Map;

/** A dense network in an ONNX graph, in float32. Dropout is for training alone. */
final class NetworkGraph {
  /** Activations that are an operator, with no attribute other than its default. */
  private static final Map<Activation, String> OPERATORS =
      Map.of(
          Activation.RELU, "Relu",
          Activation.SIGMOID, "Sigmoid",
          Activation.TANH, "Tanh",
          Activation.ELU, "Elu",
          Activation.SELU, "Selu",
          Activation.GELU, "Gelu",
          Activation.SOFTPLUS, "Softplus");

  /** What protobuf, and so one ONNX file, holds, with room for all but the parameters. */
  private static final int MOST_PARAMETERS = (int) ((1L << 31) / Float.BYTES) - (1 << 22);

  private final GraphBuilder graph;

  NetworkGraph(GraphBuilder graph) {
    this.graph = graph;
  }

  /**
   * Adds a network.
   *
   * @param features the tensor that it reads
   * @return the tensor of its outputs
   * @throws ConveneException (data) if ONNX or this translation cannot say it
   */
  String add(Network network, float[] parameters, String features) {
    if (!(network instanceof DenseNetwork dense)) {
      throw ConveneException.data(
          "the model's network is of the kind %s, and ONNX export translates %s ones alone: train it"
              + " with train.trainer = native, or keep it on Spark",
          network.kind(), DenseNetwork.KIND);
    }
    if (parameters.length > MOST_PARAMETERS) {
      throw ConveneException.data(
          "the network has %s parameters, and one ONNX file holds %s: keep it on Spark",
          parameters.length, MOST_PARAMETERS);
    }
    String tensor = features;
    for (DenseLayer layer : dense.layers()) {
      if (!tensor.equals(features)) {
        tensor = activated(dense.activation(), tensor);
      }
      tensor = weighted(layer, parameters, tensor);
    }
    return tensor;
  }

  private String weighted(DenseLayer layer, float[] parameters, String tensor) {
    int weights = layer.inputs() * layer.outputs();
    return graph.node(
        "Gemm",
        List.of(
            tensor,
            graph.constant("weight", parameters, layer.offset(), layer.outputs(), layer.inputs()),
            graph.constant("bias", parameters, layer.offset() + weights, layer.outputs())),
        attribute("transB", 1));
  }

  private String activated(Activation activation, String tensor) {
    List<String> input = List.of(tensor);
    if (OPERATORS.containsKey(activation)) {
      return graph.node(OPERATORS.get(activation), input);
    } else if (activation instanceof LeakyRelu leaky) {
      return graph.node("LeakyRelu", input, attribute("alpha", (float) leaky.slope()));
    } else if (activation.equals(Activation.SILU)) {
      return graph.node("Mul", List.of(tensor, graph.node("Sigmoid", input)));
    }
    throw ConveneException.data(
        "ONNX export does not translate the activation %s", activation.description());
  }
}
