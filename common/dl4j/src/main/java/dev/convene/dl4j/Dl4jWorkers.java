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
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function2;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Workers of DL4J Spark: a round is one fit of a {@link SparkDl4jMultiLayer} on exactly the round's
 * minibatches, after which DL4J averages parameters and the updater's state.
 *
 * <p>Unlike our own average, DL4J's weighs all workers with a minibatch alike, sums in float32 and
 * in the order in which tasks end: with three workers or more the last bits differ from run to run.
 * Dropout's stream is seeded for each minibatch from ours, but drops other units.
 */
final class Dl4jWorkers implements Workers {
  private static final String JOB_DESCRIPTION = "spark.job.description";

  private final TrainingPlan plan;
  private final MultiLayerConfiguration configuration;
  private final Shards training;
  private final Validation validation;
  private final JavaSparkContext spark;

  /** Knows the losses of the validation rows, as {@link Workers#validate} tells them. */
  interface Validation {
    List<LossSum> losses(int epoch, float[] parameters);
  }

  /**
   * @param plan whose network may tell less than the configuration: inputs, outputs and loss count
   */
  Dl4jWorkers(
      TrainingPlan plan,
      MultiLayerConfiguration configuration,
      Shards training,
      Validation validation) {
    this.plan = plan;
    this.configuration = configuration;
    this.training = training;
    this.validation = validation;
    this.spark = JavaSparkContext.fromSparkContext(training.blocks().context());
  }

  @Override
  public List<Integer> rows() {
    return training.rowsByShard();
  }

  /** One contribution: the average that DL4J has made already. */
  @Override
  public List<Contribution> train(Round round, TrainingState state) {
    MultiLayerNetwork network = network(round, state);
    int steps = round.endMinibatch() - round.firstMinibatch();
    MinibatchLosses losses = new MinibatchLosses(spark.sc());
    SparkDl4jMultiLayer distributed =
        new SparkDl4jMultiLayer(
            spark,
            network,
            RoundMaster.of(rows().size(), batchRows(), steps, new RoundWatch(plan, round, losses)));
    String callersDescription = spark.getLocalProperty(JOB_DESCRIPTION);
    spark.setLocalProperty(
        JOB_DESCRIPTION,
        "Convene: epoch %s, round %s by DL4J".formatted(round.epoch(), round.number()));
    try {
      distributed.fit(minibatches(training.blocks(), plan, round));
    } finally {
      spark.setLocalProperty(JOB_DESCRIPTION, callersDescription);
    }
    return List.of(new Contribution(state(network, state), losses.total()));
  }

  @Override
  public List<LossSum> validate(int epoch, float[] parameters) {
    return validation.losses(epoch, parameters);
  }

  private MultiLayerNetwork network(Round round, TrainingState state) {
    MultiLayerConfiguration current = configuration.clone();
    current.setIterationCount(Math.toIntExact(round.stepsBefore() + round.firstMinibatch()));
    MultiLayerNetwork network = new MultiLayerNetwork(current);
    network.init(row(state.parameters()), false);
    INDArray updaterState = network.getUpdater().getStateViewArray();
    if (updaterState != null) {
      float[] all = new float[state.optimizerStates().length * state.parameters().length];
      for (int i = 0; i < state.optimizerStates().length; i++) {
        float[] part = state.optimizerStates()[i];
        System.arraycopy(part, 0, all, i * part.length, part.length);
      }
      int length = Math.toIntExact(updaterState.length());
      network.getUpdater().setStateViewArray(network, row(Arrays.copyOf(all, length)), false);
    }
    return network;
  }

  /** The most rows of a minibatch. */
  private int batchRows() {
    int longest = rows().stream().mapToInt(Integer::intValue).max().orElseThrow();
    return plan.minibatchRows(longest, 0);
  }

  private static JavaRDD<DataSet> minibatches(
      JavaRDD<Block> blocks, TrainingPlan plan, Round round) {
    Function2<Integer, Iterator<Block>, Iterator<DataSet>> ofShard =
        (worker, ofWorker) -> {
          Nd4jRuntime.prepare();
          List<Block> shard = new ArrayList<>();
          ofWorker.forEachRemaining(shard::add);
          return new Minibatches(plan, round, new Shard(shard), worker);
        };
    return blocks.mapPartitionsWithIndex(ofShard, false);
  }

  /**
   * What the network has become. The updater's state is cut into arrays as long as the parameters;
   * parameters without a state of their own make it shorter, and the last array ends with zeros.
   */
  private static TrainingState state(MultiLayerNetwork network, TrainingState before) {
    float[] parameters = floats(network.params());
    float[][] states = new float[before.optimizerStates().length][parameters.length];
    INDArray updaterState = network.getUpdater().getStateViewArray();
    if (updaterState != null) {
      float[] all = floats(updaterState);
      for (int i = 0, at = 0; at < all.length; i++, at += parameters.length) {
        System.arraycopy(all, at, states[i], 0, Math.min(parameters.length, all.length - at));
      }
    }
    return new TrainingState(parameters, states);
  }

  private static INDArray row(float[] values) {
    return Nd4j.create(values, new long[] {1, values.length}, 'c');
  }

  private static float[] floats(INDArray row) {
    return row.dup('c').data().asFloat();
  }
}
