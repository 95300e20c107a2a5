package dev.convene.dl4j;

import dev.convene.train.DenseLearner;
import dev.convene.train.DenseTraining;
import dev.convene.train.RoundTask;
import dev.convene.train.TrainingPlan;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;

/** A network of ours, trained by DL4J's workers. */
record Dl4jLearner(DenseTraining training, MultiLayerConfiguration configuration)
    implements DenseLearner {

  static Dl4jLearner of(DenseTraining training) {
    return new Dl4jLearner(
        training,
        DenseConfiguration.of(training.network(), training.optimizer(), training.schedule()));
  }

  @Override
  public RoundTask task(TrainingPlan plan) {
    return new Dl4jWorker(plan, network(), configuration);
  }
}
