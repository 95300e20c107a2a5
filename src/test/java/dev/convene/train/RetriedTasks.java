package dev.convene.train;

import dev.convene.blas.BlasChoice;
import dev.convene.blas.NativeBlas;
import dev.convene.nn.DenseNetwork;
import dev.convene.optim.Adam;
import dev.convene.optim.Optimizer;
import dev.convene.shard.Shards;
import dev.convene.testkit.FailOnce;
import dev.convene.testkit.LocalSpark;
import dev.convene.testkit.RandomRows;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A JVM of its own that trains twice on a Spark master that retries tasks, once with tasks that
 * fail at their first attempt, and prints whether the parameters are the same bits.
 */
final class RetriedTasks {
  private RetriedTasks() {}

  public static void main(String[] arguments) {
    try (SparkSession session = LocalSpark.builder("local[2,4]").getOrCreate()) {
      NativeBlas.load(BlasChoice.DEFAULT);
      JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
      JavaRDD<Row> rows = spark.parallelize(RandomRows.of(150, 1), 3);
      Optimizer adam = Adam.withDefaults();
      float[] undisturbed = train(session, rows, adam);
      float[] retried = train(session, rows.map(RetriedTasks::failingOnce), new FailingOnce(adam));
      System.out.println("failed once: " + FailOnce.places());
      System.out.println("same parameters: " + Arrays.equals(undisturbed, retried));
    }
  }

  private static float[] train(SparkSession session, JavaRDD<Row> rows, Optimizer optimizer) {
    DenseNetwork network = Plan.classifier(6, List.of(9), 3, 0.3);
    Plan plan =
        Plan.of(network, optimizer, 0.01).batchSize(16).shuffle().averagingPeriod(2).epochs(2);
    Learner learner = plan.learner();
    try (Shards shards = Shards.of(session.createDataFrame(rows, RandomRows.SCHEMA), 2, 7)) {
      SparkWorkers workers =
          new SparkWorkers(
              network,
              learner.task(plan.plan()),
              learner.stateCount(),
              shards,
              null,
              true,
              TrainingListener.NONE);
      return plan.loop(workers).run(learner.initialParameters(1)).parameters();
    }
  }

  private static Row failingOnce(Row row) {
    FailOnce.at("reading partition " + TaskContext.getPartitionId());
    return row;
  }

  /** Fails in the middle of each worker's second round, when it has changed its parameters. */
  private record FailingOnce(Optimizer sound) implements Optimizer {
    @Override
    public int stateCount() {
      return sound.stateCount();
    }

    @Override
    public void step(
        long step,
        double learningRate,
        float[] parameters,
        float[] gradient,
        float[][] states,
        int from,
        int to) {
      sound.step(step, learningRate, parameters, gradient, states, from, to);
      if (step == 4 && from > 0) {
        FailOnce.at("step 4 of worker " + TaskContext.getPartitionId());
      }
    }
  }
}
