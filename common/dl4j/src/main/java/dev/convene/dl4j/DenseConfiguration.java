package dev.convene.dl4j;

import dev.convene.ConveneException;
import dev.convene.nn.Activation;
import dev.convene.nn.DenseLayer;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.DropoutRates;
import dev.convene.nn.LeakyRelu;
import dev.convene.nn.Loss;
import dev.convene.optim.Optimizer;
import dev.convene.optim.Schedule;
import dev.convene.train.Round;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSELU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftPlus;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.buffer.DataType;
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
  /**
   * Those without numbers of their own. DL4J's GELU is an approximation, by the sigmoid or tanh.
   */
  private static final Map<Activation, Supplier<IActivation>> ACTIVATIONS =
      Map.of(
          Activation.RELU, ActivationReLU::new,
          Activation.SIGMOID, ActivationSigmoid::new,
          Activation.TANH, ActivationTanH::new,
          Activation.ELU, ActivationELU::new,
          Activation.SELU, ActivationSELU::new,
          Activation.SILU, ActivationSwish::new,
          Activation.SOFTPLUS, ActivationSoftPlus::new);

  private DenseConfiguration() {}

  /**
   * DL4J's description of the network and the optimizer.
   *
   * @param rate the learning rate
   * @throws ConveneException (usage) for an optimizer or an activation that DL4J does not have
   */
  static MultiLayerConfiguration of(DenseNetwork network, Optimizer optimizer, double rate) {
    return of(network, EquivalentUpdater.of(optimizer, rate));
  }

  /** The same in a round, in which each step has its own learning rate. */
  static MultiLayerConfiguration of(
      DenseNetwork network, Optimizer optimizer, Schedule schedule, Round round) {
    return of(network, EquivalentUpdater.of(optimizer, schedule, round));
  }

  private static MultiLayerConfiguration of(DenseNetwork network, EquivalentUpdater steps) {
    NeuralNetConfiguration.Builder builder =
        new NeuralNetConfiguration.Builder()
            .dataType(DataType.FLOAT)
            .weightInit(WeightInit.ZERO)
            .updater(steps.updater());
    if (steps.l2() > 0) {
      builder.l2(steps.l2()).l2Bias(steps.l2());
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
      double dropout = dropoutBefore(network.dropout(), i);
      if (dropout > 0) {
        layer.dropOut(new Dropout(1 - dropout));
      }
      list.layer(layer.build());
    }
    return list.build();
  }

  private static double dropoutBefore(DropoutRates rates, int layer) {
    return layer == 0 ? rates.inputs() : rates.hidden().get(layer - 1);
  }

  /**
   * The network that DL4J describes, if it is one of ours: dense layers with biases, the same
   * activation after each hidden one, softmax and cross-entropy or the mean squared error at the
   * end.
   */
  static Optional<DenseNetwork> network(MultiLayerConfiguration configuration) {
    List<FeedForwardLayer> layers = new ArrayList<>();
    for (NeuralNetConfiguration conf : configuration.getConfs()) {
      if (isDense(conf.getLayer())) {
        layers.add((FeedForwardLayer) conf.getLayer());
      }
    }
    int last = layers.size() - 1;
    if (layers.size() < configuration.getConfs().size()
        || !configuration.getInputPreProcessors().isEmpty()
        || !(layers.get(last) instanceof OutputLayer output)) {
      return Optional.empty();
    }
    Set<Optional<Activation>> activations = new HashSet<>();
    List<Integer> hidden = new ArrayList<>();
    for (int i = 0; i < last; i++) {
      activations.add(activation(layers.get(i).getActivationFn()));
      hidden.add(Math.toIntExact(layers.get(i).getNOut()));
    }
    if (hidden.isEmpty()) {
      activations.add(Optional.of(Activation.RELU));
    }
    Optional<Activation> activation = activations.iterator().next();
    List<Float> dropouts =
        layers.stream().flatMap(layer -> dropout(layer.getIDropout()).stream()).toList();
    Optional<Loss> loss = loss(output);
    if (activations.size() > 1
        || activation.isEmpty()
        || dropouts.size() < layers.size()
        || loss.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        DenseNetwork.of(
            Math.toIntExact(layers.get(0).getNIn()),
            hidden,
            Math.toIntExact(output.getNOut()),
            activation.get(),
            new DropoutRates(dropouts.get(0), dropouts.subList(1, dropouts.size())),
            loss.get()));
  }

  private static boolean isDense(Layer layer) {
    return (layer instanceof org.deeplearning4j.nn.conf.layers.DenseLayer dense
            && dense.isHasBias()
            && !dense.isHasLayerNorm())
        || (layer instanceof OutputLayer output && output.isHasBias());
  }

  private static FeedForwardLayer.Builder<?> outputLayer(Loss loss) {
    return switch (loss) {
      case SOFTMAX_CROSS_ENTROPY ->
          new OutputLayer.Builder(new LossMCXENT()).activation(new ActivationSoftmax());
      case MEAN_SQUARED_ERROR ->
          new OutputLayer.Builder(new LossMSE()).activation(new ActivationIdentity());
    };
  }

  private static Optional<Loss> loss(OutputLayer output) {
    return Arrays.stream(Loss.values())
        .filter(
            loss -> {
              OutputLayer ours = (OutputLayer) outputLayer(loss).build();
              return output.getLossFn().equals(ours.getLossFn())
                  && output.getActivationFn().equals(ours.getActivationFn());
            })
        .findFirst();
  }

  private static IActivation activation(Activation activation) {
    if (activation instanceof LeakyRelu leaky) {
      return new ActivationLReLU(leaky.slope());
    }
    Supplier<IActivation> theirs = ACTIVATIONS.get(activation);
    if (theirs == null) {
      throw ConveneException.usage(
          "DL4J has no exact %s: choose another activation, or leave DL4J out",
          activation.description());
    }
    return theirs.get();
  }

  private static Optional<Activation> activation(IActivation activation) {
    if (activation instanceof ActivationLReLU leaky) {
      double slope = leaky.getAlpha();
      return slope >= 0 && slope < 1 ? Optional.of(new LeakyRelu(slope)) : Optional.empty();
    }
    return ACTIVATIONS.entrySet().stream()
        .filter(ours -> ours.getValue().get().equals(activation))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private static Optional<Float> dropout(IDropout dropout) {
    if (dropout == null) {
      return Optional.of(0f);
    }
    boolean isOurs =
        dropout.getClass() == Dropout.class && ((Dropout) dropout).getPSchedule() == null;
    return Optional.of(dropout)
        .filter(ours -> isOurs)
        .map(ours -> (float) (1 - ((Dropout) ours).getP()))
        .filter(rate -> rate >= 0 && rate < 1);
  }
}
