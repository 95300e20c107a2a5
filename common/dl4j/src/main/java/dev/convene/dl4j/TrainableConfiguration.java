package dev.convene.dl4j;

import dev.convene.ConveneException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.preprocessors.ReshapePreprocessor;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/**
 * Rewrites an imported configuration as one would write it for DL4J: activations and dropout in the
 * layers that they belong to, neither regularizers nor constraints, and a layer with a loss at the
 * end. It takes the same parameters in the same order.
 */
final class TrainableConfiguration {
  private final List<Layer> layers = new ArrayList<>();
  private final Map<Integer, InputPreProcessor> preProcessors = new HashMap<>();
  private IDropout pendingDropout;

  private TrainableConfiguration() {}

  /**
   * The rewritten configuration.
   *
   * @param inputShape of a row's image, or its number of features alone
   * @param endsInLogits the loss takes the softmax of the last layer's outputs
   * @param source the file, as a message names it
   * @throws ConveneException (data) if it does not end in a dense layer with softmax or identity
   */
  static MultiLayerConfiguration of(
      MultiLayerConfiguration imported, int[] inputShape, boolean endsInLogits, String source) {
    TrainableConfiguration rewritten = new TrainableConfiguration();
    if (inputShape.length > 1) {
      rewritten.preProcessors.put(0, images(inputShape));
    }
    for (int i = 0; i < imported.getConfs().size(); i++) {
      InputPreProcessor preProcessor = imported.getInputPreProcess(i);
      if (preProcessor != null) {
        rewritten.preProcessors.put(rewritten.layers.size(), preProcessor);
      }
      rewritten.add(imported.getConf(i).getLayer());
    }
    rewritten.endInLoss(endsInLogits, source);
    return rewritten.build();
  }

  private static InputPreProcessor images(int[] shape) {
    long[] axes = Arrays.stream(shape).asLongStream().toArray();
    long features = Arrays.stream(axes).reduce(1, Math::multiplyExact);
    return new ReshapePreprocessor(new long[] {features}, axes, false, CNN2DFormat.NHWC);
  }

  private void add(Layer layer) {
    if (layer instanceof DropoutLayer dropout && pendingDropout == null) {
      pendingDropout = dropout.getIDropout();
    } else if (layer instanceof ActivationLayer activation
        && pendingDropout == null
        && !layers.isEmpty()
        && layers.get(layers.size() - 1) instanceof BaseLayer activated
        && activated.getActivationFn() instanceof ActivationIdentity) {
      activated.setActivationFn(activation.getActivationFn());
    } else {
      // The importer has layers keep all of their inputs instead of dropping none.
      boolean keepsAll = layer.getIDropout() instanceof Dropout own && own.getP() == 1;
      if (keepsAll || pendingDropout != null) {
        layer.setIDropout(pendingDropout);
      }
      pendingDropout = null;
      layer.setConstraints(null);
      if (layer instanceof BaseLayer regularized) {
        regularized.setRegularization(new ArrayList<>());
        regularized.setRegularizationBias(new ArrayList<>());
      }
      layers.add(layer);
    }
  }

  private void endInLoss(boolean endsInLogits, String source) {
    int last = layers.size() - 1;
    if (last < 0 || !(layers.get(last) instanceof DenseLayer dense) || pendingDropout != null) {
      throw ConveneException.data("%s does not end in a Dense layer", source);
    }
    IActivation activation = endsInLogits ? new ActivationSoftmax() : dense.getActivationFn();
    OutputLayer.Builder output =
        new OutputLayer.Builder(loss(activation, source))
            .name(dense.getLayerName())
            .nIn(dense.getNIn())
            .nOut(dense.getNOut())
            .hasBias(dense.isHasBias())
            .activation(activation);
    OutputLayer built = output.build();
    built.setIDropout(dense.getIDropout());
    layers.set(last, built);
  }

  private static ILossFunction loss(IActivation activation, String source) {
    if (activation instanceof ActivationSoftmax) {
      return new LossMCXENT();
    }
    if (activation instanceof ActivationIdentity) {
      return new LossMSE();
    }
    throw ConveneException.data(
        "%s ends in a layer with the activation %s: it must end in softmax for classes, or linear"
            + " for a regression",
        source, activation);
  }

  private MultiLayerConfiguration build() {
    NeuralNetConfiguration.ListBuilder list =
        new NeuralNetConfiguration.Builder().dataType(DataType.FLOAT).list();
    layers.forEach(list::layer);
    preProcessors.forEach(list::inputPreProcessor);
    return list.overrideNinUponBuild(false).build();
  }
}
