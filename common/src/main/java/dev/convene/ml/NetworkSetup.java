package dev.convene.ml;

import dev.convene.ConveneException;
import dev.convene.config.ActivationKind;
import dev.convene.config.Chosen;
import dev.convene.config.InitializerKind;
import dev.convene.config.Keys;
import dev.convene.config.OptimizerKind;
import dev.convene.config.ScheduleKind;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.DropoutRates;
import dev.convene.nn.Initializer;
import dev.convene.nn.Loss;
import dev.convene.optim.Optimizer;
import dev.convene.train.DenseTraining;
import dev.convene.train.DescribedTraining;
import dev.convene.train.LbfgsLearner;
import dev.convene.train.Learner;
import dev.convene.train.StepConstraints;
import dev.convene.train.TrainingBackend;
import java.util.Optional;

/** What Params have trained. */
final class NetworkSetup {
  private NetworkSetup() {}

  /**
   * @throws ConveneException (usage) if the trainer cannot be had; (data) if the Params make no
   *     network of so many inputs and outputs
   */
  static Learner learner(NeuralNetworkParams params, int inputs, int outputs, Loss loss) {
    return params.isSet(params.dl4jConfiguration())
        ? described(params, inputs, outputs, loss)
        : dense(params, inputs, outputs, loss);
  }

  private static Learner dense(NeuralNetworkParams params, int inputs, int outputs, Loss loss) {
    Chosen chosen = new ChosenParams(params);
    DenseNetwork network = network(chosen, inputs, outputs, loss);
    Initializer initializer = InitializerKind.chosenBy(chosen);
    Optional<Optimizer> optimizer = OptimizerKind.chosenBy(chosen);
    if (optimizer.isEmpty()) {
      return new LbfgsLearner(network, initializer, OptimizerKind.lbfgsChosenBy(chosen));
    }
    DenseTraining training =
        new DenseTraining(
            network,
            initializer,
            chosen.value(Keys.TRAIN_LABEL_SMOOTHING),
            optimizer.get(),
            ScheduleKind.chosenBy(chosen),
            new StepConstraints(
                chosen.value(Keys.TRAIN_L1),
                chosen.value(Keys.TRAIN_CLIP_VALUE),
                chosen.value(Keys.TRAIN_CLIP_NORM),
                chosen.value(Keys.TRAIN_MAX_NORM),
                chosen.value(Keys.TRAIN_MOVING_AVERAGE)));
    return TrainingBackend.named(params.getTrainer()).learner(training);
  }

  private static DenseNetwork network(Chosen chosen, int inputs, int outputs, Loss loss) {
    try {
      return DenseNetwork.of(
          inputs,
          chosen.value(Keys.MODEL_HIDDEN),
          outputs,
          ActivationKind.chosenBy(chosen),
          dropout(chosen),
          loss);
    } catch (IllegalArgumentException tooLarge) {
      throw ConveneException.data(
          "%s: make the hidden layers narrower or the largest class label smaller",
          tooLarge.getMessage());
    }
  }

  private static DropoutRates dropout(Chosen chosen) {
    int layers = chosen.value(Keys.MODEL_HIDDEN).size();
    return new DropoutRates(
        chosen.value(Keys.MODEL_INPUT_DROPOUT).floatValue(),
        chosen.value(Keys.MODEL_DROPOUT).ofLayers(layers).stream()
            .map(Double::floatValue)
            .toList());
  }

  private static Learner described(NeuralNetworkParams params, int inputs, int outputs, Loss loss) {
    return DescribedTraining.dl4j().learner(params.getDl4jConfiguration(), inputs, outputs, loss);
  }
}
