package dev.convene.dl4j;

import dev.convene.ConveneException;
import dev.convene.nn.ForwardPass;
import dev.convene.nn.LayerSummary;
import dev.convene.nn.Loss;
import dev.convene.nn.Network;
import dev.convene.train.NetworkKind;
import dev.ludovic.netlib.blas.BLAS;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.preprocessors.ReshapePreprocessor;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A network of any layers that DL4J has, described by its {@code MultiLayerConfiguration}. Its
 * parameters are in DL4J's order.
 *
 * <p>A classification ends in an {@link OutputLayer} with softmax, a regression in one without; the
 * loss that it is trained by is the layer's own. A row's features are one vector: a convolutional
 * network takes images by {@code InputType.convolutionalFlat}.
 */
final class ConfiguredNetwork implements Network {
  private static final long serialVersionUID = 1;

  private final String json;
  private final int inputs;
  private final int outputs;
  private final Loss loss;
  private final int parameterCount;
  private final List<LayerSummary> summary;

  private ConfiguredNetwork(
      MultiLayerConfiguration configuration, int inputs, int outputs, Loss loss) {
    MultiLayerNetwork network = new MultiLayerNetwork(configuration);
    network.init();
    network.output(Nd4j.zeros(1, inputs)).close();
    this.json = configuration.toJson();
    this.inputs = inputs;
    this.outputs = outputs;
    this.loss = loss;
    this.parameterCount = Math.toIntExact(network.numParams());
    this.summary = summary(network);
  }

  /**
   * The network that a configuration describes.
   *
   * @param outputs counts where the configuration leaves nOut of its last layer open (0)
   * @param source the configuration, as a message names it
   * @throws ConveneException (data) if it is no configuration, takes other rows, or has other
   *     outputs
   */
  static ConfiguredNetwork of(String json, int inputs, int outputs, Loss loss, String source) {
    MultiLayerConfiguration configuration = check(json, loss, source);
    OutputLayer output = (OutputLayer) last(configuration);
    if (output.getNOut() == 0) {
      output.setNOut(outputs);
    }
    if (output.getNOut() != outputs) {
      throw ConveneException.data(
          "%s has %s outputs, but there are %s %s: set nout of its last layer to %s, or to 0 to have"
              + " as many as there are",
          source, output.getNOut(), outputs, loss.classifies() ? "classes" : "labels", outputs);
    }
    return of(configuration, inputs, source);
  }

  /**
   * The network that a configuration describes alone.
   *
   * @param source the configuration, as a message names it
   * @throws ConveneException (data) if it does not say its inputs, or has no output layer
   */
  static ConfiguredNetwork of(MultiLayerConfiguration configuration, String source) {
    long inputs = inputs(configuration);
    if (inputs == 0) {
      throw ConveneException.data(
          "%s does not say how many features a row has: build a network that takes images with"
              + " InputType.convolutionalFlat",
          source);
    }
    return of(configuration, inputs, source);
  }

  /** Those of the first layer that has a width; 0 if they are images of an unknown size. */
  private static long inputs(MultiLayerConfiguration configuration) {
    for (int i = 0; i < configuration.getConfs().size(); i++) {
      if (configuration.getInputPreProcess(i) instanceof FeedForwardToCnnPreProcessor images) {
        return images.getInputHeight() * images.getInputWidth() * images.getNumChannels();
      }
      if (configuration.getInputPreProcess(i) instanceof ReshapePreprocessor reshaped) {
        return reshaped.getInputShape()[0];
      }
      Layer layer = configuration.getConf(i).getLayer();
      if (layer instanceof FeedForwardLayer sized && sized.getNIn() > 0) {
        return layer instanceof ConvolutionLayer ? 0 : sized.getNIn();
      }
    }
    return 0;
  }

  private static ConfiguredNetwork of(
      MultiLayerConfiguration configuration, long inputs, String source) {
    check(configuration, source);
    OutputLayer output = (OutputLayer) last(configuration);
    try {
      return new ConfiguredNetwork(
          configuration, Math.toIntExact(inputs), Math.toIntExact(output.getNOut()), loss(output));
    } catch (RuntimeException | OutOfMemoryError refused) {
      String reason = String.valueOf(refused.getMessage()).lines().findFirst().orElse("");
      ConveneException unfit =
          ConveneException.data("%s does not take rows of %s features: %s", source, inputs, reason);
      unfit.addSuppressed(refused);
      throw unfit;
    }
  }

  /**
   * The configuration, if a network of ours with that loss can be made of it for some rows.
   *
   * @throws ConveneException (data) if not
   */
  static MultiLayerConfiguration check(String json, Loss loss, String source) {
    Nd4jRuntime.prepare();
    MultiLayerConfiguration configuration = SafeConfiguration.parse(json, source);
    check(configuration, source);
    if (loss((OutputLayer) last(configuration)) != loss) {
      throw ConveneException.data(
          loss.classifies()
              ? "%s does not end in softmax, as a classification does"
              : "%s ends in softmax, as a regression does not",
          source);
    }
    return configuration;
  }

  private static void check(MultiLayerConfiguration configuration, String source) {
    if (configuration.getDataType() != DataType.FLOAT) {
      throw ConveneException.data(
          "%s computes in %s: build it with dataType(DataType.FLOAT)",
          source, configuration.getDataType());
    }
    Layer last = last(configuration);
    if (!(last instanceof OutputLayer)) {
      throw ConveneException.data(
          "%s ends in a %s: the last layer must be an OutputLayer",
          source, last.getClass().getSimpleName());
    }
    if (configuration.getBackpropType() != BackpropType.Standard) {
      throw ConveneException.data(
          "%s is trained by %s, which makes no steps on rows without a time: build it with"
              + " backpropType(BackpropType.Standard)",
          source, configuration.getBackpropType());
    }
    for (int i = 0; i < configuration.getConfs().size(); i++) {
      checkLayer(configuration.getConf(i), i + 1, source);
    }
  }

  private static void checkLayer(NeuralNetConfiguration conf, int number, String source) {
    if (!conf.isMiniBatch()) {
      throw ConveneException.data(
          "%s sums the gradients of a minibatch in layer %s instead of averaging them: build it with"
              + " miniBatch(true)",
          source, number);
    }
    if (conf.getOptimizationAlgo() != OptimizationAlgorithm.STOCHASTIC_GRADIENT_DESCENT) {
      throw ConveneException.data(
          "%s trains layer %s by %s, which makes several steps on a minibatch: build it with"
              + " optimizationAlgo(OptimizationAlgorithm.STOCHASTIC_GRADIENT_DESCENT)",
          source, number, conf.getOptimizationAlgo());
    }
    if (isRecurrent(conf.getLayer())) {
      throw ConveneException.data(
          "%s has a %s as layer %s, which reads sequences, but a row is one vector: use layers that"
              + " are not recurrent",
          source, conf.getLayer().getClass().getSimpleName(), number);
    }
  }

  private static boolean isRecurrent(Layer layer) {
    return layer instanceof BaseRecurrentLayer
        || layer instanceof Bidirectional
        || layer instanceof RnnOutputLayer
        || layer instanceof RnnLossLayer
        || (layer instanceof BaseWrapperLayer wrapper && isRecurrent(wrapper.getUnderlying()))
        || (layer instanceof FrozenLayer frozen && isRecurrent(frozen.getLayer()));
  }

  private static Loss loss(OutputLayer output) {
    return output.getActivationFn() instanceof ActivationSoftmax
        ? Loss.SOFTMAX_CROSS_ENTROPY
        : Loss.MEAN_SQUARED_ERROR;
  }

  static Layer last(MultiLayerConfiguration configuration) {
    return configuration.getConf(configuration.getConfs().size() - 1).getLayer();
  }

  private static List<LayerSummary> summary(MultiLayerNetwork network) {
    return IntStream.range(0, network.getnLayers())
        .mapToObj(
            i -> summary(i, network.getLayerWiseConfigurations().getConf(i).getLayer(), network))
        .toList();
  }

  private static LayerSummary summary(int index, Layer layer, MultiLayerNetwork network) {
    // A normalisation inherits an activation that it does not apply.
    boolean activates = layer instanceof BaseLayer && !(layer instanceof BatchNormalization);
    return new LayerSummary(
        "%s %s".formatted(layer.getClass().getSimpleName(), index + 1),
        layer instanceof FeedForwardLayer sized ? sized.getNIn() + " -> " + sized.getNOut() : "",
        activates ? Objects.toString(((BaseLayer) layer).getActivationFn(), "") : "",
        network.getLayer(index).numParams());
  }

  @Override
  public String kind() {
    return NetworkKind.DL4J;
  }

  @Override
  public String description() {
    return json;
  }

  @Override
  public int inputs() {
    return inputs;
  }

  @Override
  public int outputs() {
    return outputs;
  }

  @Override
  public Loss loss() {
    return loss;
  }

  @Override
  public int parameterCount() {
    return parameterCount;
  }

  @Override
  public List<LayerSummary> summary() {
    return summary;
  }

  /** A copy, as DL4J has it. */
  MultiLayerConfiguration configuration() {
    Nd4jRuntime.prepare();
    return SafeConfiguration.parse(json, "the network's configuration");
  }

  @Override
  public ForwardPass forwardPass(int maxRows, BLAS blas) {
    MultiLayerConfiguration configuration = configuration();
    if (loss.classifies()) {
      ((OutputLayer) last(configuration)).setActivationFn(new ActivationIdentity());
    }
    return new ConfiguredForwardPass(new MultiLayerNetwork(configuration), inputs, outputs);
  }
}
