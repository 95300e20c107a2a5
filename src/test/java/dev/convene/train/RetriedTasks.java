package dev.convene.train;

import dev.convene.blas.BlasChoice;
import dev.convene.blas.NativeBlas;
import dev.convene.nn.DenseNetwork;
import dev.convene.optim.Adam;
import dev.convene.optim.Optimizer;
import dev.convene.shard.Shards;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A JVM of its own that trains twice on a Spark master that retries tasks, once with tasks that
 * fail at their first attempt, and prints whether the parameters are the same bits.
 */
final class RetriedTasks {
  private static final Set<String> FAILED = ConcurrentHashMap.newKeySet();

  private RetriedTasks() {}

  public static void main(String[] arguments) {
    try (SparkSession session =
        SparkSession.builder()
            .master("local[2,4]")
            .appName("convene-retries")
            .config("spark.ui.enabled", false)
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate()) {
      NativeBlas.load(BlasChoice.DEFAULT);
      JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
      JavaRDD<Row> rows = spark.parallelize(rows(), 3);
      Optimizer adam = Adam.withDefaults();
      float[] undisturbed = train(session, rows, adam);
      float[] retried = train(session, rows.map(RetriedTasks::failingOnce), new FailingOnce(adam));
      System.out.println("failed once: " + FAILED.stream().sorted().toList());
      System.out.println("same parameters: " + Arrays.equals(undisturbed, retried));
    }
  }

  private static float[] train(SparkSession session, JavaRDD<Row> rows, Optimizer optimizer) {
    StructType schema =
        new StructType()
            .add("features", SQLDataTypes.VectorType())
            .add("target", DataTypes.DoubleType);
    DenseNetwork network = Plan.classifier(6, List.of(9), 3, 0.3);
    Plan plan =
        Plan.of(network, optimizer, 0.01).batchSize(16).shuffle().averagingPeriod(2).epochs(2);
    Learner learner = plan.learner();
    try (Shards shards = Shards.of(session.createDataFrame(rows, schema), 2, 7)) {
      SparkWorkers workers =
          new SparkWorkers(
              network, learner.task(plan.plan()), shards, null, true, TrainingListener.NONE);
      return plan.loop(workers).run(learner.initialParameters(1)).parameters();
    }
  }

  private static List<Row> rows() {
    Random random = new Random(1);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      double[] features = random.doubles(6, -1, 1).toArray();
      rows.add(RowFactory.create(Vectors.dense(features), (double) random.nextInt(3)));
    }
    return rows;
  }

  private static Row failingOnce(Row row) {
    failOnce("reading partition " + TaskContext.getPartitionId());
    return row;
  }

  private static void failOnce(String what) {
    if (FAILED.add(what)) {
      throw new IllegalStateException("for the test: " + what);
    }
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
        failOnce("step 4 of worker " + TaskContext.getPartitionId());
      }
    }
  }
}
