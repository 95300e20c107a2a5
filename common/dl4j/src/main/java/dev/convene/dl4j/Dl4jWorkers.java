package dev.convene.dl4j;

import dev.convene.data.Block;
import dev.convene.data.Shard;
import dev.convene.data.Shards;
import dev.convene.train.Contribution;
import dev.convene.train.LossSum;
import dev.convene.train.Round;
import dev.convene.train.TrainingPlan;
import dev.convene.train.TrainingState;
import dev.convene.train.Workers;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;

/**
 * {@link Dl4jWorker}s that are Spark tasks, one per shard: a round is a Spark job. Their states
 * come back in the order of the shards, and are averaged like those of the native workers.
 *
 * <p>DL4J's own average of them would weigh all workers alike and be summed in float32 in the order
 * in which tasks end; its own split of the rows would count them first, deal them anew at random
 * and drop what rounding leaves over.
 */
final class Dl4jWorkers implements Workers {
  private static final String JOB_DESCRIPTION = "spark.job.description";

  private final Dl4jWorker worker;
  private final Shards training;
  private final Validation validation;
  private final JavaSparkContext spark;

  /** Knows the losses of the validation rows, as {@link Workers#validate} tells them. */
  interface Validation {
    List<LossSum> losses(int epoch, float[] parameters);
  }

  Dl4jWorkers(
      TrainingPlan plan,
      MultiLayerConfiguration configuration,
      Shards training,
      Validation validation) {
    this.worker = new Dl4jWorker(plan, configuration);
    this.training = training;
    this.validation = validation;
    this.spark = JavaSparkContext.fromSparkContext(training.blocks().context());
  }

  @Override
  public List<Integer> rows() {
    return training.rowsByShard();
  }

  @Override
  public List<Contribution> train(Round round, TrainingState state) {
    Broadcast<TrainingState> start = spark.broadcast(state);
    String callersDescription = spark.getLocalProperty(JOB_DESCRIPTION);
    spark.setLocalProperty(
        JOB_DESCRIPTION,
        "Convene: epoch %s, round %s by DL4J".formatted(round.epoch(), round.number()));
    try {
      return training
          .blocks()
          .mapPartitionsWithIndex(trainOnShard(worker, round, start), false)
          .collect();
    } finally {
      spark.setLocalProperty(JOB_DESCRIPTION, callersDescription);
      start.destroy(false);
    }
  }

  private static Function2<Integer, Iterator<Block>, Iterator<Contribution>> trainOnShard(
      Dl4jWorker worker, Round round, Broadcast<TrainingState> start) {
    return (index, blocks) -> {
      List<Block> shard = new ArrayList<>();
      blocks.forEachRemaining(shard::add);
      return List.of(worker.train(round, start.value(), new Shard(shard), index)).iterator();
    };
  }

  @Override
  public List<LossSum> validate(int epoch, float[] parameters) {
    return validation.losses(epoch, parameters);
  }
}
