package dev.convene.dl4j;

import dev.convene.train.DenseLearner;
import dev.convene.train.DenseTraining;
import dev.convene.train.RoundTask;
import dev.convene.train.TrainingPlan;

/** A network of ours, trained by DL4J's workers. */
record Dl4jLearner(DenseTraining training) implements DenseLearner {
  /** Any rate: what is looked at is the optimizer. */
  private static final double SOME_RATE = 0.1;

  /**
   * @throws dev.convene.ConveneException (usage) for an optimizer that DL4J does not have
   */
  static Dl4jLearner of(DenseTraining training) {
    DenseConfiguration.of(training.network(), training.optimizer(), SOME_RATE);
    return new Dl4jLearner(training);
  }

  @Override
  public RoundTask task(TrainingPlan plan) {
    DenseTraining sent = training;
    return new Dl4jWorker(
        plan,
        network(),
        round -> DenseConfiguration.of(sent.network(), sent.optimizer(), sent.schedule(), round));
  }
}
