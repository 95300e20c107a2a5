package dev.convene.dl4j;

import dev.convene.ConveneException;
import java.io.Serializable;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** A classifying network of any layers that DL4J has, with its parameters in DL4J's order. */
final class Dl4jNetwork implements Serializable {
  private static final long serialVersionUID = 1;

  private final String json;
  private final float[] parameters;
  private final int inputs;
  private final int classes;

  Dl4jNetwork(String json, float[] parameters, int inputs, int classes) {
    this.json = json;
    this.parameters = parameters;
    this.inputs = inputs;
    this.classes = classes;
  }

  /**
   * The network that a configuration describes, with the initial parameters of its own seed.
   *
   * @param inputs features of a row
   * @throws ConveneException (data) if it is no configuration, takes other inputs, or does not end
   *     in softmax and cross-entropy
   */
  static Dl4jNetwork initial(String json, int inputs) {
    Nd4jRuntime.prepare();
    MultiLayerConfiguration configuration = SafeConfiguration.parse(json, "the configuration");
    int last = configuration.getConfs().size() - 1;
    if (!(configuration.getConf(last).getLayer() instanceof OutputLayer output)
        || !(output.getActivationFn() instanceof ActivationSoftmax)
        || output.getLossFn().getClass() != LossMCXENT.class) {
      throw ConveneException.data(
          "the configuration does not end in an OutputLayer with softmax and cross-entropy"
              + " (MCXENT)");
    }
    try {
      MultiLayerNetwork network = new MultiLayerNetwork(configuration);
      network.init();
      network.output(Nd4j.zeros(1, inputs));
      float[] parameters = network.params().dup('c').data().asFloat();
      return new Dl4jNetwork(json, parameters, inputs, Math.toIntExact(output.getNOut()));
    } catch (RuntimeException refused) {
      String reason = String.valueOf(refused.getMessage()).lines().findFirst().orElse("");
      ConveneException unfit =
          ConveneException.data(
              "the configuration does not take rows of %s features: %s", inputs, reason);
      unfit.addSuppressed(refused);
      throw unfit;
    }
  }

  Dl4jNetwork with(float[] others) {
    return new Dl4jNetwork(json, others, inputs, classes);
  }

  String json() {
    return json;
  }

  float[] parameters() {
    return parameters;
  }

  int inputs() {
    return inputs;
  }

  int classes() {
    return classes;
  }

  MultiLayerConfiguration configuration() {
    return SafeConfiguration.parse(json, "the configuration");
  }

  /** DL4J's own, to compute with; not safe for use by many threads. */
  MultiLayerNetwork computing() {
    Nd4jRuntime.prepare();
    MultiLayerNetwork network = new MultiLayerNetwork(configuration());
    network.init(Nd4j.create(parameters, new long[] {1, parameters.length}, 'c'), false);
    return network;
  }

  /** The probabilities of n rows, [n][classes], by a network of {@link #computing}. */
  static float[] probabilities(MultiLayerNetwork network, float[] x, int n) {
    try (INDArray features = Nd4j.create(x, new long[] {n, x.length / n}, 'c');
        INDArray outputs = network.output(features)) {
      return outputs.dup('c').data().asFloat();
    }
  }
}
