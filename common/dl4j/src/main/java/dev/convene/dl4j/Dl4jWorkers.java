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
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function2;
import org.deeplearning4j.nn.api.Updater;
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
  private final Shards training;
  private final Workers nativeWorkers;
  private final JavaSparkContext spark;

  Dl4jWorkers(TrainingPlan plan, Shards training, Workers nativeWorkers) {
    this.plan = plan;
    this.training = training;
    this.nativeWorkers = nativeWorkers;
    this.spark = JavaSparkContext.fromSparkContext(training.blocks().context());
  }

  @Override
  public List<Integer> rows() {
    return nativeWorkers.rows();
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
    return nativeWorkers.validate(epoch, parameters);
  }

  private MultiLayerNetwork network(Round round, TrainingState state) {
    MultiLayerConfiguration configuration = DenseConfiguration.of(plan.network(), plan.optimizer());
    configuration.setIterationCount(Math.toIntExact(round.stepsBefore() + round.firstMinibatch()));
    MultiLayerNetwork network = new MultiLayerNetwork(configuration);
    network.init(row(List.of(state.parameters())), false);
    if (state.optimizerStates().length > 0) {
      network.getUpdater().setStateViewArray(network, row(List.of(state.optimizerStates())), false);
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

  /** What the network has become, in arrays like those of {@code before}. */
  private static TrainingState state(MultiLayerNetwork network, TrainingState before) {
    float[] parameters = floats(network.params());
    float[][] states = new float[before.optimizerStates().length][];
    if (states.length > 0) {
      Updater updater = network.getUpdater();
      float[] all = floats(updater.getStateViewArray());
      for (int i = 0; i < states.length; i++) {
        states[i] = new float[parameters.length];
        System.arraycopy(all, i * parameters.length, states[i], 0, parameters.length);
      }
    }
    return new TrainingState(parameters, states);
  }

  private static INDArray row(List<float[]> parts) {
    int length = parts.stream().mapToInt(part -> part.length).sum();
    float[] all = new float[length];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return Nd4j.create(all, new long[] {1, length}, 'c');
  }

  private static float[] floats(INDArray row) {
    return row.dup('c').data().asFloat();
  }
}
