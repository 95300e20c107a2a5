package dev.convene.ml;

import dev.convene.ConveneException;
import dev.convene.nn.Activation;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.Initializer;
import dev.convene.nn.Loss;
import dev.convene.optim.Optimizer;
import dev.convene.train.DenseTraining;
import dev.convene.train.DescribedTraining;
import dev.convene.train.Learner;
import dev.convene.train.TrainingBackend;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.param.Param;

/** What Params have trained. */
final class NetworkSetup {
  private NetworkSetup() {}

  /**
   * @throws ConveneException (usage) if Params exclude each other; (data) if they make no network
   *     of so many inputs and outputs
   */
  static Learner learner(NeuralNetworkParams params, int inputs, int outputs, Loss loss) {
    return params.isSet(params.dl4jConfiguration())
        ? described(params, inputs, outputs, loss)
        : dense(params, inputs, outputs, loss);
  }

  private static Learner dense(NeuralNetworkParams params, int inputs, int outputs, Loss loss) {
    Optimizer optimizer = OptimizerParams.optimizer(params);
    DenseTraining training =
        new DenseTraining(
            network(params, inputs, outputs, loss),
            NeuralNetworkParams.named(Initializer.values(), params.getInitializer()),
            optimizer,
            OptimizerParams.schedule(params));
    return TrainingBackend.named(params.getTrainer()).learner(training);
  }

  private static DenseNetwork network(
      NeuralNetworkParams params, int inputs, int outputs, Loss loss) {
    List<Integer> hidden = Arrays.stream(params.getHidden()).boxed().toList();
    Activation activation = NeuralNetworkParams.named(Activation.values(), params.getActivation());
    try {
      return DenseNetwork.of(inputs, hidden, outputs, activation, params.getDropout(), loss);
    } catch (IllegalArgumentException tooLarge) {
      throw ConveneException.data(
          "%s: make model.hidden or the largest class label smaller", tooLarge.getMessage());
    }
  }

  private static Learner described(NeuralNetworkParams params, int inputs, int outputs, Loss loss) {
    toldByDescription(params)
        .filter(params::isSet)
        .findFirst()
        .ifPresent(
            other -> {
              throw ConveneException.usage(
                  "%s is set, but dl4jConfiguration tells it: leave one of them out", other.name());
            });
    if (params.isSet(params.trainer()) && params.getTrainer().equals(TrainingBackend.NATIVE)) {
      throw ConveneException.usage(
          "trainer is native, but DL4J trains what dl4jConfiguration describes: leave one out");
    }
    return DescribedTraining.dl4j().learner(params.getDl4jConfiguration(), inputs, outputs, loss);
  }

  private static Stream<Param<?>> toldByDescription(NeuralNetworkParams params) {
    return Stream.concat(
        Stream.of(params.hidden(), params.activation(), params.dropout(), params.initializer()),
        OptimizerParams.all(params).stream());
  }
}
