package dev.convene.dl4j;

import dev.convene.ConveneException;
import dev.convene.data.Shards;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.Loss;
import dev.convene.train.DescribedNetwork;
import dev.convene.train.NetworkTrainer;
import dev.convene.train.TrainingPlan;
import dev.convene.train.Workers;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;

/**
 * Rounds made by DL4J Spark's workers. Rows, their order, the initial parameters, the step count
 * and the averages are the native trainer's; what differs is told at {@link DenseConfiguration#of}
 * and {@link Dl4jWorker}.
 */
public final class Dl4jTrainer implements NetworkTrainer {
  private static final String DESCRIPTION = "the DL4J configuration";

  @Override
  public String name() {
    return DL4J;
  }

  @Override
  public void check(TrainingPlan plan, boolean weighted) {
    Nd4jRuntime.prepare();
    if (weighted) {
      // Its masks, which come nearest, multiply outputs, too.
      throw ConveneException.usage(
          "DL4J has no weights of rows: leave the weights of rows and classes out");
    }
    configuration(plan);
  }

  @Override
  public void checkDescription(String description) {
    ConfiguredNetwork.check(description, DESCRIPTION);
  }

  @Override
  public DescribedNetwork network(String description, int inputs, int outputs, Loss loss) {
    return ConfiguredNetwork.of(description, inputs, outputs, loss, DESCRIPTION);
  }

  @Override
  public Workers workers(TrainingPlan plan, Shards training, Workers nativeWorkers) {
    return new Dl4jWorkers(plan, configuration(plan), training, nativeWorkers::validate);
  }

  private static MultiLayerConfiguration configuration(TrainingPlan plan) {
    return plan.network() instanceof DenseNetwork dense
        ? DenseConfiguration.of(dense, plan.optimizer())
        : ((ConfiguredNetwork) plan.network()).configuration();
  }
}
