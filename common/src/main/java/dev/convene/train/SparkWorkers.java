package dev.convene.train;

import dev.convene.ConveneException;
import dev.convene.blas.NativeBlas;
import dev.convene.nn.Network;
import dev.convene.shard.Shards;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/** Workers that are Spark tasks, one per shard: a round is a Spark job. */
public final class SparkWorkers implements Workers {
  private static final String JOB_DESCRIPTION = "spark.job.description";

  private final Network network;
  private final RoundTask task;
  private final RoundTraffic traffic;
  private final Shards training;
  private final Shards validation;
  private final boolean requireSameBlas;
  private final TrainingListener listener;
  private final JavaSparkContext spark;
  private final Set<String> hostsTold = new HashSet<>();
  private String blas;

  /**
   * @param task makes a worker's steps
   * @param stateCount arrays that its optimizer remembers
   * @param validation null if there are no validation rows
   * @param requireSameBlas refuse executors whose BLAS differs from the first's; else they are
   *     reported
   * @throws ConveneException (data) if rows have other numbers of features or targets than the
   *     network; (usage) if Spark does not let the driver have its parameters
   */
  public SparkWorkers(
      Network network,
      RoundTask task,
      int stateCount,
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
    this.traffic =
        RoundTraffic.of(
            network,
            stateCount,
            training.blocks().getNumPartitions(),
            spark.getConf().getSizeAsBytes("spark.driver.maxResultSize", "1g"));
    traffic.requireAllowed();
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
  public TrainedRound train(Round round, TrainingState state) {
    RoundTask sent = task;
    return onShards(
        training,
        state,
        "epoch %s, round %s".formatted(round.epoch(), round.number()),
        (current, shard, index) -> sent.train(round, current, shard, index),
        job ->
            traffic.isDirect()
                ? TrainedRound.of(values(job.collect(training.blocks())))
                : slicedMean(job.results(training.blocks()), state));
  }

  private TrainedRound slicedMean(
      JavaRDD<WorkerResult<Contribution>> contributions, TrainingState state) {
    StateSlices slices =
        new StateSlices(
            state.parameters().length,
            state.optimizerStates().length,
            traffic.slices(spark.defaultParallelism()));
    SlicedMean.Gathered gathered = new SlicedMean(slices).gather(contributions);
    return new TrainedRound(gathered.mean(), values(gathered.reports()));
  }

  @Override
  public List<ValidationSum> validate(int epoch, float[] parameters, ValidationMetric metric) {
    if (validation == null) {
      return List.of();
    }
    Network sent = network;
    return onShards(
        validation,
        new TrainingState(parameters, new float[0][]),
        "epoch %s, validation".formatted(epoch),
        (current, shard, index) ->
            ShardValidation.of(sent, metric, current.parameters(), shard, NativeBlas.load().blas()),
        job -> values(job.collect(validation.blocks())));
  }

  /** Runs a task on each shard, and gathers what they come to. */
  private <T, R> R onShards(
      Shards shards,
      TrainingState state,
      String description,
      ShardJob.ShardTask<T> task,
      Function<ShardJob<T>, R> gather) {
    shards.spread();
    Broadcast<TrainingState> broadcast = spark.broadcast(state);
    String callersDescription = spark.getLocalProperty(JOB_DESCRIPTION);
    spark.setLocalProperty(JOB_DESCRIPTION, "Convene: " + description);
    try {
      return gather.apply(new ShardJob<>(broadcast, task));
    } finally {
      spark.setLocalProperty(JOB_DESCRIPTION, callersDescription);
      broadcast.destroy(false);
    }
  }

  private <T> List<T> values(List<WorkerResult<T>> results) {
    results.forEach(this::compareBlas);
    return results.stream().map(WorkerResult::value).toList();
  }

  private void compareBlas(WorkerResult<?> result) {
    if (blas == null) {
      blas = result.blas();
    }
    if (!result.blas().equals(blas) && hostsTold.add(result.host())) {
      String message =
          "host %s computes with %s, others with %s: results will differ in their last bits from "
                  .formatted(result.host(), result.blas(), blas)
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
