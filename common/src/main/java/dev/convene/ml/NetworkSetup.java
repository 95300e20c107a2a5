package dev.convene.ml;

import dev.convene.ConveneException;
import dev.convene.nn.Activation;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.Initializer;
import dev.convene.nn.Loss;
import dev.convene.nn.Network;
import dev.convene.optim.Optimizer;
import dev.convene.train.DescribedNetwork;
import dev.convene.train.DescribingTrainer;
import dev.convene.train.TrainingBackend;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.param.Param;

/** The network, optimizer, trainer and start that the Params ask for. */
final class NetworkSetup {
  private final Network network;
  private final Optimizer optimizer;
  private final float[] parameters;
  private final TrainingBackend trainer;

  private NetworkSetup(
      Network network, Optimizer optimizer, float[] parameters, TrainingBackend trainer) {
    this.network = network;
    this.optimizer = optimizer;
    this.parameters = parameters;
    this.trainer = trainer;
  }

  /**
   * @throws ConveneException (usage) if Params exclude each other; (data) if they make no network
   *     of so many inputs and outputs
   */
  static NetworkSetup of(
      NeuralNetworkParams params,
      InitialParameters initialParameters,
      int inputs,
      int outputs,
      Loss loss) {
    return params.isSet(params.dl4jConfiguration())
        ? described(params, initialParameters, inputs, outputs, loss)
        : dense(params, initialParameters, inputs, outputs, loss);
  }

  Network network() {
    return network;
  }

  Optimizer optimizer() {
    return optimizer;
  }

  /** Where training starts. */
  float[] parameters() {
    return parameters;
  }

  TrainingBackend trainer() {
    return trainer;
  }

  private static NetworkSetup dense(
      NeuralNetworkParams params,
      InitialParameters initialParameters,
      int inputs,
      int outputs,
      Loss loss) {
    Optimizer optimizer = OptimizerParams.optimizer(params);
    DenseNetwork network = network(params, inputs, outputs, loss);
    Initializer initializer =
        EnumNames.find(Initializer.values(), params.getInitializer()).orElseThrow();
    float[] parameters =
        initialParameters.forNetwork(
            network, () -> initializer.initialParameters(network, params.getSeed()));
    return new NetworkSetup(
        network, optimizer, parameters, TrainingBackend.named(params.getTrainer()));
  }

  private static DenseNetwork network(
      NeuralNetworkParams params, int inputs, int outputs, Loss loss) {
    List<Integer> hidden = Arrays.stream(params.getHidden()).boxed().toList();
    Activation activation =
        EnumNames.find(Activation.values(), params.getActivation()).orElseThrow();
    try {
      return DenseNetwork.of(inputs, hidden, outputs, activation, params.getDropout(), loss);
    } catch (IllegalArgumentException tooLarge) {
      throw ConveneException.data(
          "%s: make model.hidden or the largest class label smaller", tooLarge.getMessage());
    }
  }

  private static NetworkSetup described(
      NeuralNetworkParams params,
      InitialParameters initialParameters,
      int inputs,
      int outputs,
      Loss loss) {
    describedByIt(params)
        .filter(params::isSet)
        .findFirst()
        .ifPresent(
            other -> {
              throw ConveneException.usage(
                  "%s is set, but dl4jConfiguration describes it: leave one of them out",
                  other.name());
            });
    if (params.isSet(params.trainer()) && params.getTrainer().equals(TrainingBackend.NATIVE)) {
      throw ConveneException.usage(
          "trainer is native, but DL4J trains what dl4jConfiguration describes: leave one out");
    }
    DescribingTrainer trainer = DescribingTrainer.dl4j();
    DescribedNetwork network =
        trainer.network(params.getDl4jConfiguration(), inputs, outputs, loss);
    float[] parameters =
        initialParameters.forNetwork(network, () -> network.initialParameters(params.getSeed()));
    return new NetworkSetup(network, network.optimizer(), parameters, trainer);
  }

  private static Stream<Param<?>> describedByIt(NeuralNetworkParams params) {
    return Stream.concat(
        Stream.of(params.hidden(), params.activation(), params.dropout(), params.initializer()),
        OptimizerParams.all(params).stream());
  }
}
