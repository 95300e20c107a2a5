package dev.convene.ml;

import dev.convene.ConveneException;
import dev.convene.config.Chosen;
import dev.convene.config.Keys;
import dev.convene.config.OptimizerKind;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.Loss;
import dev.convene.nn.Network;
import dev.convene.optim.Optimizer;
import dev.convene.train.DescribedNetwork;
import dev.convene.train.DescribingTrainer;
import dev.convene.train.TrainingBackend;

/** What Params have trained, how and by whom, and from where. */
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
   * @param initialParameters null: the initializer's
   * @throws ConveneException (usage) if the trainer cannot be had; (data) if the Params make no
   *     network of so many inputs and outputs
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
    Chosen chosen = new ChosenParams(params);
    Optimizer optimizer = OptimizerKind.chosenBy(chosen);
    DenseNetwork network = network(chosen, inputs, outputs, loss);
    float[] parameters =
        initialParameters == null
            ? chosen.value(Keys.MODEL_INITIALIZER).initialParameters(network, params.getSeed())
            : initialParameters.forNetwork(network);
    return new NetworkSetup(
        network, optimizer, parameters, TrainingBackend.named(params.getTrainer()));
  }

  private static DenseNetwork network(Chosen chosen, int inputs, int outputs, Loss loss) {
    try {
      return DenseNetwork.of(
          inputs,
          chosen.value(Keys.MODEL_HIDDEN),
          outputs,
          chosen.value(Keys.MODEL_ACTIVATION),
          chosen.value(Keys.MODEL_DROPOUT),
          loss);
    } catch (IllegalArgumentException tooLarge) {
      throw ConveneException.data(
          "%s: make the hidden layers narrower or the largest class label smaller",
          tooLarge.getMessage());
    }
  }

  private static NetworkSetup described(
      NeuralNetworkParams params,
      InitialParameters initialParameters,
      int inputs,
      int outputs,
      Loss loss) {
    DescribingTrainer trainer = DescribingTrainer.dl4j();
    DescribedNetwork network =
        trainer.network(params.getDl4jConfiguration(), inputs, outputs, loss);
    float[] parameters =
        initialParameters == null
            ? network.initialParameters(params.getSeed())
            : initialParameters.forNetwork(network);
    return new NetworkSetup(network, network.optimizer(), parameters, trainer);
  }
}
