package dev.convene.dl4j;

import dev.convene.ConveneException;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.Loss;
import dev.convene.train.DescribedNetwork;
import dev.convene.train.DescribingTrainer;
import dev.convene.train.RoundTask;
import dev.convene.train.TrainingPlan;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;

/**
 * Steps made by DL4J Spark's workers. Rows, their order, the initial parameters, the step count and
 * the averages are the native trainer's; what differs is told at {@link DenseConfiguration#of} and
 * {@link Dl4jWorker}.
 *
 * <p>DL4J's own average would weigh all workers alike and be summed in float32 in the order in
 * which tasks end; its own split of the rows would count them first, deal them anew at random and
 * drop what rounding leaves over.
 */
public final class Dl4jBackend implements DescribingTrainer {
  private static final String DESCRIPTION = "the DL4J configuration";

  @Override
  public String name() {
    return DL4J;
  }

  @Override
  public void requireUsable() {
    Nd4jRuntime.prepare();
  }

  @Override
  public void check(TrainingPlan plan, boolean weighted) {
    requireUsable();
    if (weighted) {
      // Its masks, which come nearest, multiply outputs, too.
      throw ConveneException.usage(
          "DL4J has no weights of rows: leave the weights of rows and classes out");
    }
    configuration(plan);
  }

  @Override
  public void checkDescription(String description, Loss loss) {
    ConfiguredNetwork.check(description, loss, DESCRIPTION);
  }

  @Override
  public DescribedNetwork network(String description, int inputs, int outputs, Loss loss) {
    return ConfiguredNetwork.of(description, inputs, outputs, loss, DESCRIPTION);
  }

  @Override
  public RoundTask task(TrainingPlan plan) {
    return new Dl4jWorker(plan, configuration(plan));
  }

  private static MultiLayerConfiguration configuration(TrainingPlan plan) {
    return plan.network() instanceof DenseNetwork dense
        ? DenseConfiguration.of(dense, plan.optimizer())
        : ((ConfiguredNetwork) plan.network()).configuration();
  }
}
