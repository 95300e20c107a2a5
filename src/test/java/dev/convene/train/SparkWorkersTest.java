package dev.convene.train;

import static org.apache.spark.ml.functions.array_to_vector;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.blas.BlasChoice;
import dev.convene.blas.NativeBlas;
import dev.convene.nn.Activation;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.Initializer;
import dev.convene.nn.Loss;
import dev.convene.optim.Adam;
import dev.convene.optim.Sgd;
import dev.convene.shard.Shard;
import dev.convene.shard.Shards;
import dev.convene.testkit.LocalSpark;
import dev.convene.testkit.RandomRows;
import dev.ludovic.netlib.blas.BLAS;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("spark")
class SparkWorkersTest {
  private static final BLAS NATIVE = NativeBlas.load(BlasChoice.DEFAULT).blas();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void areThePlainLoopBitForBit(int count) {
    DenseNetwork network = Plan.classifier(6, List.of(9, 5), 3, 0.3);
    Plan plan =
        Plan.of(network, Adam.withDefaults(), 0.01)
            .batchSize(16)
            .shuffle()
            .averagingPeriod(3)
            .epochs(3)
            .patience(5, 0);
    float[] initial = Initializer.KAIMING.initialParameters(network, 1);
    float[] before = initial.clone();
    try (Shards training = Shards.of(frame(331, 4), count, 7);
        Shards validation = Shards.of(frame(50, 3), count, 7)) {
      TrainingResult onSpark = plan.loop(onSpark(plan, training, validation)).run(initial);
      TrainingResult inLoop =
          plan.loop(plan.workers(NATIVE, collect(training), collect(validation))).run(initial);

      assertThat(onSpark.parameters()).isEqualTo(inLoop.parameters()).isNotEqualTo(before);
      assertThat(onSpark.history())
          .hasSize(3)
          .usingRecursiveFieldByFieldElementComparatorIgnoringFields("seconds")
          .isEqualTo(inLoop.history());
      assertThat(onSpark.history().get(2).validationLoss()).isPositive();
      assertThat(initial).as("what Spark's tasks shared").isEqualTo(before);
    }
  }

  @Test
  void areThePlainLoopWithWeightsAndSeveralTargets() {
    DenseNetwork network =
        DenseNetwork.of(6, List.of(5), 2, Activation.TANH, 0, Loss.MEAN_SQUARED_ERROR);
    Plan plan =
        Plan.of(network, Adam.withDefaults(), 0.01)
            .batchSize(16)
            .shuffle()
            .averagingPeriod(2)
            .epochs(2);
    float[] initial = Initializer.KAIMING.initialParameters(network, 1);
    Dataset<Row> rows =
        frame(97, 7)
            .select(col("features"), array_to_vector(array(col("target"), lit(2))), col("target"));
    try (Shards training = Shards.of(rows, 3, 7);
        Shards validation = Shards.of(rows.limit(20), 3, 7)) {
      TrainingResult onSpark = plan.loop(onSpark(plan, training, validation)).run(initial);
      TrainingResult inLoop =
          plan.loop(plan.workers(NATIVE, collect(training), collect(validation))).run(initial);

      assertThat(onSpark.parameters()).isEqualTo(inLoop.parameters());
      assertThat(onSpark.history())
          .usingRecursiveFieldByFieldElementComparatorIgnoringFields("seconds")
          .isEqualTo(inLoop.history());
      assertThat(onSpark.history()).extracting(EpochRecord::examples).containsExactly(97L, 97L);
    }
  }

  @Test
  void refuseRowsThatDoNotFitTheNetwork() {
    DenseNetwork five = Plan.classifier(5, List.of(), 3, 0);
    DenseNetwork twoOutputs =
        DenseNetwork.of(6, List.of(), 2, Activation.TANH, 0, Loss.MEAN_SQUARED_ERROR);
    try (Shards shards = Shards.of(frame(20, 2), 1, 7)) {
      assertRefused(
          five,
          shards,
          "the training rows have 6 features and 1 target(s), but the network takes 5 and 1");
      assertRefused(
          twoOutputs,
          shards,
          "the training rows have 6 features and 1 target(s), but the network takes 6 and 2");
    }
  }

  private static void assertRefused(DenseNetwork network, Shards shards, String message) {
    Plan plan = Plan.of(network, Sgd.plain(), 0.1);
    assertThatThrownBy(() -> onSpark(plan, shards, null))
        .isInstanceOfSatisfying(
            ConveneException.class,
            failure -> assertThat(failure.status()).isEqualTo(ExitStatus.DATA))
        .hasMessage(message);
  }

  @Test
  void workersWithoutRowsAddNothing() {
    DenseNetwork network = Plan.classifier(6, List.of(4), 3, 0);
    Plan plan = Plan.of(network, Sgd.plain(), 0.1).batchSize(2).averagingPeriod(1);
    float[] initial = Initializer.XAVIER.initialParameters(network, 1);
    try (Shards two = Shards.of(frame(2, 1), 2, 7);
        Shards four = Shards.of(frame(2, 1), 4, 7)) {
      assertThat(four.rowsByShard()).containsExactly(1, 1, 0, 0);
      assertThat(run(plan, four, initial)).isEqualTo(run(plan, two, initial));
    }
  }

  @Test
  void divergenceInATaskIsTheUsersMessage() {
    DenseNetwork network = Plan.linearRegression(6);
    Plan plan = Plan.of(network, Sgd.plain(), 1e30).epochs(3);
    try (Shards shards = Shards.of(frame(20, 2), 1, 7)) {
      assertThatThrownBy(() -> run(plan, shards, new float[7]))
          .isInstanceOfSatisfying(
              ConveneException.class,
              failure -> assertThat(failure.status()).isEqualTo(ExitStatus.DIVERGED))
          .hasMessageStartingWith(
              "training diverged in epoch 2, round 1: worker 0 has a loss or parameters that are"
                  + " not finite, at learning rate 1.0E30. Try a smaller learning rate");
    }
  }

  @Test
  void leaveTheCallersJobDescription() {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());
    DenseNetwork network = Plan.classifier(6, List.of(4), 3, 0);
    Plan plan = Plan.of(network, Sgd.plain(), 0.1);
    spark.sc().setJobDescription("the caller's");
    try (Shards shards = Shards.of(frame(20, 2), 2, 7)) {
      run(plan, shards, Initializer.XAVIER.initialParameters(network, 1));

      assertThat(spark.getLocalProperty("spark.job.description")).isEqualTo("the caller's");
    } finally {
      spark.sc().setJobDescription(null);
    }
  }

  private static float[] run(Plan plan, Shards shards, float[] initial) {
    return plan.loop(onSpark(plan, shards, null)).run(initial).parameters();
  }

  private static SparkWorkers onSpark(Plan plan, Shards training, Shards validation) {
    Learner learner = plan.learner();
    return new SparkWorkers(
        learner.network(),
        learner.task(plan.plan()),
        learner.stateCount(),
        training,
        validation,
        true,
        TrainingListener.NONE);
  }

  private static List<Shard> collect(Shards shards) {
    return shards.blocks().glom().collect().stream().map(Shard::new).toList();
  }

  private static Dataset<Row> frame(int count, int partitions) {
    SparkSession session = LocalSpark.session();
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    return session.createDataFrame(
        spark.parallelize(RandomRows.of(count, count), partitions), RandomRows.SCHEMA);
  }
}
