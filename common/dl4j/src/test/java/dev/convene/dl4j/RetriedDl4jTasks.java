package dev.convene.dl4j;

import dev.convene.nn.Activation;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.Initializer;
import dev.convene.nn.Loss;
import dev.convene.optim.Adam;
import dev.convene.optim.Plateau;
import dev.convene.optim.Schedule;
import dev.convene.shard.Shards;
import dev.convene.testkit.FailOnce;
import dev.convene.testkit.LocalSpark;
import dev.convene.testkit.RandomRows;
import dev.convene.train.Averaging;
import dev.convene.train.DenseTraining;
import dev.convene.train.DivergenceRule;
import dev.convene.train.EarlyStopping;
import dev.convene.train.EpochRecord;
import dev.convene.train.Learner;
import dev.convene.train.Minibatches;
import dev.convene.train.SparkWorkers;
import dev.convene.train.StepConstraints;
import dev.convene.train.TrainingBackend;
import dev.convene.train.TrainingListener;
import dev.convene.train.TrainingLoop;
import dev.convene.train.TrainingPlan;
import dev.convene.train.TrainingResult;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * A JVM of its own that trains twice by DL4J on a Spark master that retries tasks and serializes by
 * Kryo, once with tasks that fail at their first attempt, and prints whether the results are the
 * same bits.
 */
final class RetriedDl4jTasks {
  private static final double RATE = 0.01;

  private RetriedDl4jTasks() {}

  public static void main(String[] arguments) {
    try (SparkSession session =
        LocalSpark.builder("local[2,4]")
            .config("spark.serializer", KryoSerializer.class.getName())
            .getOrCreate()) {
      TrainingResult undisturbed = train(rows(session), new FixedSchedule(RATE));
      TrainingResult retried = train(rows(session), new FailingOnce());
      System.out.println("failed once: " + FailOnce.places());
      System.out.println(
          "same parameters: " + Arrays.equals(undisturbed.parameters(), retried.parameters()));
      System.out.println("same losses: " + losses(undisturbed).equals(losses(retried)));
    }
  }

  private static TrainingResult train(Dataset<Row> rows, ISchedule rate) {
    Nd4jRuntime.prepare();
    DenseNetwork network =
        DenseNetwork.of(6, List.of(9), 3, Activation.TANH, 0.3, Loss.SOFTMAX_CROSS_ENTROPY);
    TrainingPlan plan =
        new TrainingPlan(
            2,
            Double.POSITIVE_INFINITY,
            17,
            new Minibatches(16, 1, true, false),
            Averaging.plain(2),
            Plateau.NONE,
            EarlyStopping.NEVER,
            new DivergenceRule(true, 1000));
    Schedule constant = Schedule.constant(RATE);
    Learner learner =
        TrainingBackend.named("dl4j")
            .learner(
                new DenseTraining(
                    network,
                    Initializer.XAVIER,
                    Adam.withDefaults(),
                    constant,
                    StepConstraints.NONE));
    MultiLayerConfiguration configuration =
        DenseConfiguration.of(network, Adam.withDefaults(), RATE);
    configuration
        .getConfs()
        .forEach(
            layer ->
                ((BaseLayer) layer.getLayer())
                    .setIUpdater(new org.nd4j.linalg.learning.config.Adam(rate)));
    try (Shards shards = Shards.of(rows, 3, 7)) {
      SparkWorkers workers =
          new SparkWorkers(
              network,
              new Dl4jWorker(plan, network, round -> configuration.clone()),
              learner.stateCount(),
              shards,
              null,
              true,
              TrainingListener.NONE);
      return new TrainingLoop(plan, learner, workers, TrainingListener.NONE)
          .run(learner.initialParameters(1));
    }
  }

  private static List<List<Object>> losses(TrainingResult result) {
    return result.history().stream()
        .map((EpochRecord epoch) -> List.<Object>of(epoch.trainLoss(), epoch.trainAccuracy()))
        .toList();
  }

  private static Dataset<Row> rows(SparkSession session) {
    return session.createDataFrame(RandomRows.of(200, 1), RandomRows.SCHEMA);
  }

  /**
   * A rate that cannot be told once in each worker's second round, when it has made a step there.
   */
  private record FailingOnce() implements ISchedule {
    @Override
    public double valueAt(int iteration, int epoch) {
      if (iteration == 3) {
        FailOnce.at("step 4 of worker " + TaskContext.getPartitionId());
      }
      return RATE;
    }

    @Override
    public ISchedule clone() {
      return this;
    }
  }
}
