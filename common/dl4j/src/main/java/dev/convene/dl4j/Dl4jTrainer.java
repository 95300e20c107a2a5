package dev.convene.dl4j;

import dev.convene.data.Shards;
import dev.convene.train.NetworkTrainer;
import dev.convene.train.TrainingPlan;
import dev.convene.train.Workers;

/**
 * Rounds made by DL4J Spark's workers. Rows, their order, the initial parameters, the step count
 * and the averages are the native trainer's; what differs is told at {@link DenseConfiguration#of}
 * and {@link Dl4jWorker}.
 */
public final class Dl4jTrainer implements NetworkTrainer {
  @Override
  public String name() {
    return "dl4j";
  }

  @Override
  public void check(TrainingPlan plan) {
    Nd4jRuntime.prepare();
    DenseConfiguration.of(plan.network(), plan.optimizer());
  }

  @Override
  public Workers workers(TrainingPlan plan, Shards training, Workers nativeWorkers) {
    return new Dl4jWorkers(
        plan,
        DenseConfiguration.of(plan.network(), plan.optimizer()),
        training,
        nativeWorkers::validate);
  }
}
