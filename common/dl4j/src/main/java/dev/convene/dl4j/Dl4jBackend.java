package dev.convene.dl4j;

import dev.convene.nn.Loss;
import dev.convene.nn.Network;
import dev.convene.train.DenseTraining;
import dev.convene.train.DescribedTraining;
import dev.convene.train.Learner;
import dev.convene.train.NetworkKind;
import dev.convene.train.TrainingBackend;

/**
 * Steps made by DL4J Spark's workers, on networks of ours and on any that DL4J's JSON describes.
 * Rows, their order, the initial parameters, the step count and the averages are the native
 * backend's; what differs stands at {@link DenseConfiguration#of} and {@link Dl4jWorker}.
 *
 * <p>DL4J's own average would weigh all workers alike and be summed in float32 in the order in
 * which tasks end; its own split of the rows would count them first, deal them anew at random and
 * drop what rounding leaves over.
 */
public final class Dl4jBackend implements TrainingBackend, NetworkKind, DescribedTraining {
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
  public Learner learner(DenseTraining training) {
    requireUsable();
    return Dl4jLearner.of(training);
  }

  @Override
  public void check(String description, Loss loss) {
    ConfiguredNetwork.check(description, loss, DESCRIPTION);
  }

  @Override
  public Learner learner(String description, int inputs, int outputs, Loss loss) {
    return ConfiguredLearner.of(
        ConfiguredNetwork.of(description, inputs, outputs, loss, DESCRIPTION));
  }

  @Override
  public Network read(String description, int inputs, int outputs, Loss loss) {
    return ConfiguredNetwork.of(description, inputs, outputs, loss, DESCRIPTION);
  }
}
