package dev.convene.dl4j;

import dev.convene.ConveneException;
import dev.convene.nn.Activation;
import dev.convene.nn.DenseLayer;
import dev.convene.nn.Loss;
import dev.convene.nn.Network;
import dev.convene.optim.Adam;
import dev.convene.optim.Optimizer;
import dev.convene.optim.Sgd;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/**
 * Networks of dense layers as DL4J describes them, both ways.
 *
 * <p>Parameters need no conversion: DL4J keeps a layer's weight as [in][out] in column-major order,
 * which is our [out][in] in row-major order, and the bias follows it in both.
 *
 * <p>Our dropout belongs to the layer whose units it drops, DL4J's to the layer that reads them.
 */
final class DenseConfiguration {
  private static final double LEAKY_SLOPE = 0.01;

  private DenseConfiguration() {}

  /**
   * DL4J's description of the network and the optimizer. Where their definitions differ:
   *
   * <ul>
   *   <li>Adam and AMSGrad: DL4J adds eps to the root of the biased mean square, we (as PyTorch) to
   *       the unbiased one's: its eps is ours times sqrt(1 - beta2^step). AMSGrad takes the largest
   *       biased mean square in both.
   *   <li>Nesterov's momentum: DL4J's velocity is ours times minus the learning rate; the steps are
   *       the same as long as the rate is.
   *   <li>The weight-decay is an L2 penalty of weights and biases, in both added to the gradient
   *       before the optimizer sees it.
   * </ul>
   *
   * @throws ConveneException (usage) for an optimizer that DL4J does not have
   */
  static MultiLayerConfiguration of(Network network, Optimizer optimizer) {
    NeuralNetConfiguration.Builder builder =
        new NeuralNetConfiguration.Builder()
            .dataType(DataType.FLOAT)
            .weightInit(WeightInit.ZERO)
            .updater(updater(optimizer));
    double decay = weightDecay(optimizer);
    if (decay > 0) {
      builder.l2(decay).l2Bias(decay);
    }
    NeuralNetConfiguration.ListBuilder list = builder.list();
    List<DenseLayer> layers = network.layers();
    int last = layers.size() - 1;
    for (int i = 0; i <= last; i++) {
      FeedForwardLayer.Builder<?> layer =
          i < last
              ? new org.deeplearning4j.nn.conf.layers.DenseLayer.Builder()
                  .activation(activation(network.activation()))
              : outputLayer(network.loss());
      layer.nIn(layers.get(i).inputs()).nOut(layers.get(i).outputs());
      if (i > 0 && network.dropout() > 0) {
        layer.dropOut(new Dropout(1 - (double) network.dropout()));
      }
      list.layer(layer.build());
    }
    return list.build();
  }

  /**
   * The network that DL4J describes, if it is one of ours: dense layers with biases, the same
   * activation and dropout after each hidden one, softmax and cross-entropy or the mean squared
   * error at the end.
   *
   * @param what the configuration, as a message names it
   * @throws ConveneException (data) if it is not
   */
  static Network network(MultiLayerConfiguration configuration, String what) {
    List<FeedForwardLayer> layers = new ArrayList<>();
    for (NeuralNetConfiguration conf : configuration.getConfs()) {
      layers.add(feedForward(conf.getLayer(), layers.size(), what));
    }
    int last = layers.size() - 1;
    if (!(layers.get(last) instanceof OutputLayer output) || !output.isHasBias()) {
      throw unlike(what, "its last layer is no output layer with biases");
    }
    List<Integer> hidden = new ArrayList<>();
    Activation activation = Activation.RELU;
    double dropout = 0;
    for (int i = 0; i < last; i++) {
      Activation own = activation(layers.get(i).getActivationFn(), i, what);
      double ownDropout = dropout(layers.get(i + 1).getIDropout(), i + 1, what);
      if (i > 0 && (own != activation || ownDropout != dropout)) {
        throw unlike(what, "its hidden layers differ in activation or dropout");
      }
      activation = own;
      dropout = ownDropout;
      hidden.add(Math.toIntExact(layers.get(i).getNOut()));
    }
    if (layers.get(0).getIDropout() != null) {
      throw unlike(what, "it drops inputs");
    }
    return Network.of(
        Math.toIntExact(layers.get(0).getNIn()),
        hidden,
        Math.toIntExact(output.getNOut()),
        activation,
        dropout,
        loss(output, what));
  }

  private static FeedForwardLayer feedForward(Layer layer, int index, String what) {
    boolean isDense =
        layer instanceof org.deeplearning4j.nn.conf.layers.DenseLayer dense
            && dense.isHasBias()
            && !dense.isHasLayerNorm();
    if (!isDense && !(layer instanceof OutputLayer)) {
      throw unlike(
          what,
          "its layer %s is a %s and not a dense layer with biases"
              .formatted(index, layer.getClass().getSimpleName()));
    }
    return (FeedForwardLayer) layer;
  }

  private static FeedForwardLayer.Builder<?> outputLayer(Loss loss) {
    return switch (loss) {
      case SOFTMAX_CROSS_ENTROPY ->
          new OutputLayer.Builder(new LossMCXENT()).activation(new ActivationSoftmax());
      case MEAN_SQUARED_ERROR ->
          new OutputLayer.Builder(new LossMSE()).activation(new ActivationIdentity());
    };
  }

  private static Loss loss(OutputLayer output, String what) {
    ILossFunction loss = output.getLossFn();
    IActivation activation = output.getActivationFn();
    if (loss.getClass() == LossMCXENT.class && activation instanceof ActivationSoftmax) {
      return Loss.SOFTMAX_CROSS_ENTROPY;
    }
    if (loss.getClass() == LossMSE.class && activation instanceof ActivationIdentity) {
      return Loss.MEAN_SQUARED_ERROR;
    }
    throw unlike(
        what,
        "its output is %s with %s, not softmax with cross-entropy (MCXENT) or identity with MSE"
            .formatted(activation, loss));
  }

  private static IActivation activation(Activation activation) {
    return switch (activation) {
      case RELU -> new ActivationReLU();
      case LEAKY_RELU -> new ActivationLReLU(LEAKY_SLOPE);
      case SIGMOID -> new ActivationSigmoid();
      case TANH -> new ActivationTanH();
    };
  }

  private static Activation activation(IActivation activation, int layer, String what) {
    for (Activation ours : Activation.values()) {
      if (activation(ours).equals(activation)) {
        return ours;
      }
    }
    throw unlike(what, "the activation of layer %s is %s".formatted(layer, activation));
  }

  private static double dropout(IDropout dropout, int layer, String what) {
    if (dropout == null) {
      return 0;
    }
    if (dropout.getClass() == Dropout.class && ((Dropout) dropout).getPSchedule() == null) {
      return 1 - ((Dropout) dropout).getP();
    }
    throw unlike(what, "the dropout of layer %s is %s".formatted(layer, dropout));
  }

  private static IUpdater updater(Optimizer optimizer) {
    if (optimizer instanceof Adam adam) {
      return adam.amsgrad()
          ? new AMSGrad(adam.learningRate(), adam.beta1(), adam.beta2(), adam.eps())
          : new org.nd4j.linalg.learning.config.Adam(
              adam.learningRate(), adam.beta1(), adam.beta2(), adam.eps());
    }
    if (optimizer instanceof Sgd sgd && sgd.momentum() == 0) {
      return new org.nd4j.linalg.learning.config.Sgd(sgd.learningRate());
    }
    if (optimizer instanceof Sgd sgd && sgd.nesterov()) {
      return new Nesterovs(sgd.learningRate(), sgd.momentum());
    }
    throw ConveneException.usage(
        "DL4J has no %s: with train.trainer = dl4j use adam, or sgd without momentum or with "
            + "nesterov = true",
        optimizer instanceof Sgd
            ? "sgd with momentum but without nesterov"
            : optimizer.getClass().getSimpleName());
  }

  private static double weightDecay(Optimizer optimizer) {
    return optimizer instanceof Adam adam ? adam.weightDecay() : ((Sgd) optimizer).weightDecay();
  }

  private static ConveneException unlike(String what, String why) {
    return ConveneException.data("%s is no network of Convene: %s", what, why);
  }
}
