package dev.convene.train;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import dev.convene.ConveneException;
import dev.convene.blas.LoadedBlas;
import dev.convene.blas.NativeBlas;
import dev.convene.nn.Network;
import dev.convene.shard.Block;
import dev.convene.shard.Shard;
import dev.convene.shard.Shards;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;

/** Workers that are Spark tasks, one per shard: a round is a Spark job. */
public final class SparkWorkers implements Workers {
  private static final String JOB_DESCRIPTION = "spark.job.description";

  private final Network network;
  private final RoundTask task;
  private final Shards training;
  private final Shards validation;
  private final boolean requireSameBlas;
  private final TrainingListener listener;
  private final JavaSparkContext spark;
  private final Set<String> hostsTold = new HashSet<>();
  private String blas;

  /**
   * @param task makes a worker's steps
   * @param validation null if there are no validation rows
   * @param requireSameBlas refuse executors whose BLAS differs from the first's; else they are
   *     reported
   * @throws ConveneException (data) if rows have other numbers of features or targets than the
   *     network
   */
  public SparkWorkers(
      Network network,
      RoundTask task,
      Shards training,
      Shards validation,
      boolean requireSameBlas,
      TrainingListener listener) {
    this.network = network;
    this.task = task;
    this.training = training;
    this.validation = validation;
    this.requireSameBlas = requireSameBlas;
    this.listener = listener;
    this.spark = JavaSparkContext.fromSparkContext(training.blocks().context());
    requireFitting(training, "training");
    if (validation != null) {
      requireFitting(validation, "validation");
    }
  }

  private void requireFitting(Shards shards, String purpose) {
    int inputs = network.inputs();
    int targets = network.targetsPerRow();
    if (shards.rows() > 0 && (shards.features() != inputs || shards.targetsPerRow() != targets)) {
      throw ConveneException.data(
          "the %s rows have %s features and %s target(s), but the network takes %s and %s",
          purpose, shards.features(), shards.targetsPerRow(), inputs, targets);
    }
  }

  @Override
  public List<Integer> rows() {
    return training.rowsByShard();
  }

  @Override
  public List<Contribution> train(Round round, TrainingState state) {
    RoundTask sent = task;
    return onEachShard(
        training,
        state,
        "epoch %s, round %s".formatted(round.epoch(), round.number()),
        (current, shard, index) -> sent.train(round, current, shard, index));
  }

  @Override
  public List<ValidationSum> validate(int epoch, float[] parameters, ValidationMetric metric) {
    if (validation == null) {
      return List.of();
    }
    Network sent = network;
    return onEachShard(
        validation,
        new TrainingState(parameters, new float[0][]),
        "epoch %s, validation".formatted(epoch),
        (current, shard, index) ->
            ShardValidation.of(
                sent, metric, current.parameters(), shard, NativeBlas.load().blas()));
  }

  private interface ShardTask<T> extends Serializable {
    T run(TrainingState state, Shard shard, int index) throws Exception;
  }

  /** What a task sends back. Results of different BLAS differ in their last bits. */
  @DefaultSerializer(JavaSerializer.class)
  private record Result<T>(T value, String host, String blas) implements Serializable {}

  private <T> List<T> onEachShard(
      Shards shards, TrainingState state, String description, ShardTask<T> task) {
    shards.spread();
    Broadcast<TrainingState> broadcast = spark.broadcast(state);
    String callersDescription = spark.getLocalProperty(JOB_DESCRIPTION);
    spark.setLocalProperty(JOB_DESCRIPTION, "Convene: " + description);
    try {
      List<Result<T>> results =
          shards.blocks().mapPartitionsWithIndex(runOnShard(broadcast, task), false).collect();
      results.forEach(this::compareBlas);
      return results.stream().map(Result::value).toList();
    } finally {
      spark.setLocalProperty(JOB_DESCRIPTION, callersDescription);
      broadcast.destroy(false);
    }
  }

  private static <T> Function2<Integer, Iterator<Block>, Iterator<Result<T>>> runOnShard(
      Broadcast<TrainingState> state, ShardTask<T> task) {
    return (index, blocks) -> {
      LoadedBlas blas = NativeBlas.load();
      List<Block> shard = new ArrayList<>();
      blocks.forEachRemaining(shard::add);
      T value = task.run(state.value(), new Shard(shard), index);
      return List.of(
              new Result<>(
                  value, SparkEnv.get().blockManager().blockManagerId().host(), blas.describe()))
          .iterator();
    };
  }

  private void compareBlas(Result<?> result) {
    if (blas == null) {
      blas = result.blas;
    }
    if (!result.blas.equals(blas) && hostsTold.add(result.host)) {
      String message =
          "host %s computes with %s, others with %s: results will differ in their last bits from "
                  .formatted(result.host, result.blas, blas)
              + "run to run";
      if (requireSameBlas) {
        throw ConveneException.usage(
            "%s. The same BLAS is required: install it on all hosts, or choose one core type for all",
            message);
      }
      listener.warn(message);
    }
  }
}
