package dev.convene.dl4j;

import dev.convene.nn.Network;
import dev.convene.train.DenseTraining;
import dev.convene.train.Learner;
import dev.convene.train.RoundTask;
import dev.convene.train.TrainingPlan;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;

/** A network of ours, trained by DL4J's workers. */
record DenseLearner(DenseTraining training, MultiLayerConfiguration configuration)
    implements Learner {

  static DenseLearner of(DenseTraining training) {
    return new DenseLearner(
        training,
        DenseConfiguration.of(training.network(), training.optimizer(), training.schedule()));
  }

  @Override
  public Network network() {
    return training.network();
  }

  @Override
  public float[] initialParameters(long seed) {
    return training.initializer().initialParameters(training.network(), seed);
  }

  @Override
  public int stateCount() {
    return training.optimizer().stateCount();
  }

  @Override
  public double rate(int epoch, long step) {
    return training.schedule().rate(epoch, step);
  }

  @Override
  public String placeOfRate() {
    return "";
  }

  @Override
  public RoundTask task(TrainingPlan plan) {
    return new Dl4jWorker(plan, training.network(), configuration);
  }
}
