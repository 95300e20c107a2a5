package dev.convene.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.nn.Activation;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.Initializer;
import dev.convene.nn.Loss;
import dev.convene.nn.RandomStream;
import dev.convene.nn.RandomStream.Purpose;
import dev.convene.optim.Adam;
import dev.convene.optim.Optimizer;
import dev.convene.optim.Plateau;
import dev.convene.optim.Schedule;
import dev.convene.optim.Sgd;
import dev.convene.optim.Step;
import dev.convene.shard.Shard;
import dev.convene.shard.Shards;
import dev.convene.testkit.LocalSpark;
import dev.convene.train.Averaging;
import dev.convene.train.Contribution;
import dev.convene.train.DenseTraining;
import dev.convene.train.DivergenceRule;
import dev.convene.train.EarlyStopping;
import dev.convene.train.EpochRecord;
import dev.convene.train.Learner;
import dev.convene.train.Minibatches;
import dev.convene.train.Round;
import dev.convene.train.RoundTask;
import dev.convene.train.SparkWorkers;
import dev.convene.train.StepConstraints;
import dev.convene.train.TrainedRound;
import dev.convene.train.TrainingBackend;
import dev.convene.train.TrainingListener;
import dev.convene.train.TrainingLoop;
import dev.convene.train.TrainingPlan;
import dev.convene.train.TrainingResult;
import dev.convene.train.TrainingState;
import dev.convene.train.ValidationMetric;
import dev.convene.train.ValidationSum;
import dev.convene.train.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** Shards and averages: the loop of rounds with DL4J's workers, and beside it with native ones. */
@Tag("spark")
class Dl4jWorkerTest {
  private static final int FEATURES = 6;

  /** Three tasks on two slots do not always end in their order. */
  @Test
  void sparkGivesTheBitsOfAPlainLoopEachTime() {
    TrainingPlan plan = plan(16, 2, 3);
    Learner learner = learner("dl4j", 0.3, Adam.withDefaults(), 0.01);
    try (Shards shards = Shards.of(rows(151), 3, plan.seed())) {
      List<Shard> inMemory = shards.blocks().glom().collect().stream().map(Shard::new).toList();
      TrainingResult looped = train(plan, learner, new Looping(learner.task(plan), inMemory));
      for (int i = 0; i < 3; i++) {
        TrainingResult spark = train(plan, learner, dl4j(plan, learner, shards));
        assertThat(spark.parameters()).isEqualTo(looped.parameters());
        assertThat(spark.history())
            .extracting(EpochRecord::trainLoss)
            .isEqualTo(looped.history().stream().map(EpochRecord::trainLoss).toList());
      }
    }
  }

  /** Shards of 3, 2 and 2 rows, of 51 and 50 in minibatches of 20, and of one row or none. */
  @ParameterizedTest
  @CsvSource({"7, 3, 0", "101, 2, 20", "3, 5, 2"})
  void workersWeighByTheirRowsAsTheNativeOnesDo(int rows, int workers, int batchSize) {
    TrainingPlan plan = plan(batchSize, 2, 5);
    Learner ourLearner = learner("native", 0, Sgd.plain(), 0.1);
    Learner theirLearner = learner("dl4j", 0, Sgd.plain(), 0.1);
    try (Shards shards = Shards.of(rows(rows), workers, plan.seed())) {
      TrainingResult ours =
          train(
              plan,
              ourLearner,
              new SparkWorkers(
                  ourLearner.network(),
                  ourLearner.task(plan),
                  ourLearner.stateCount(),
                  shards,
                  null,
                  false,
                  TrainingListener.NONE));
      TrainingResult theirs = train(plan, theirLearner, dl4j(plan, theirLearner, shards));
      double largest = 0;
      for (int i = 0; i < ours.parameters().length; i++) {
        largest = Math.max(largest, Math.abs(ours.parameters()[i] - theirs.parameters()[i]));
      }
      System.out.printf(
          "%s rows on %s workers, largest deviation of parameters: %.1e%n", rows, workers, largest);
      assertThat(largest).isLessThan(1e-6);
      for (int i = 0; i < plan.epochs(); i++) {
        EpochRecord our = ours.history().get(i);
        EpochRecord their = theirs.history().get(i);
        assertThat(their.trainLoss()).isCloseTo(our.trainLoss(), within(1e-6));
        assertThat(their.trainAccuracy()).isEqualTo(our.trainAccuracy());
        assertThat(their.examples()).isEqualTo(rows);
      }
    }
  }

  @Test
  void aRoundIsOneSparkJob() throws Exception {
    TrainingPlan plan = plan(10, 2, 2);
    Learner learner = learner("dl4j", 0, Sgd.plain(), 0.1);
    AtomicInteger jobs = new AtomicInteger();
    SparkListener counting =
        new SparkListener() {
          @Override
          public void onJobStart(SparkListenerJobStart start) {
            if (start.properties().getProperty("spark.job.description", "").contains(", round ")) {
              jobs.incrementAndGet();
            }
          }
        };
    try (Shards shards = Shards.of(rows(100), 2, plan.seed())) {
      shards.blocks().context().addSparkListener(counting);
      train(plan, learner, dl4j(plan, learner, shards));
      shards.blocks().context().listenerBus().waitUntilEmpty();
    } finally {
      LocalSpark.session().sparkContext().removeSparkListener(counting);
    }
    // 2 epochs of 5 minibatches.
    assertThat(jobs).hasValue(6);
  }

  /** The rate is 0.1 in the first epoch, and 0 from the second on. */
  @Test
  void aScheduleOfEpochsKnowsTheEpoch() {
    TrainingPlan once = plan(10, 1, 1);
    TrainingPlan threeTimes = plan(10, 1, 3);
    Learner learner = learner("dl4j", 0, Sgd.plain(), 0.1);
    MapSchedule schedule = new MapSchedule(ScheduleType.EPOCH, Map.of(0, 0.1, 1, 0.0));
    MultiLayerConfiguration scheduled = DenseConfiguration.of(network(0), Sgd.plain(), 0.1);
    scheduled
        .getConfs()
        .forEach(
            conf ->
                ((org.deeplearning4j.nn.conf.layers.BaseLayer) conf.getLayer())
                    .setIUpdater(new org.nd4j.linalg.learning.config.Sgd(schedule)));
    try (Shards shards = Shards.of(rows(50), 2, 1)) {
      Workers workers =
          new SparkWorkers(
              network(0),
              new Dl4jWorker(threeTimes, network(0), round -> scheduled.clone()),
              0,
              shards,
              null,
              true,
              TrainingListener.NONE);
      assertThat(train(threeTimes, learner, workers).parameters())
          .isEqualTo(train(once, learner, dl4j(once, learner, shards)).parameters());
    }
  }

  /** The rate halves with each step, and is 0 from the second epoch on. */
  private record Halving() implements Schedule {
    @Override
    public double rate(Step step) {
      return step.epoch() > 1 ? 0 : 0.4 / (1L << step.number());
    }
  }

  @Test
  void aScheduleOfOursGivesEachStepItsRate() {
    TrainingPlan plan = plan(10, 2, 2);
    Learner ours = learner("native", 0, Sgd.plain(), new Halving());
    Learner theirs = learner("dl4j", 0, Sgd.plain(), new Halving());
    try (Shards shards = Shards.of(rows(100), 2, plan.seed())) {
      TrainingResult expected = train(plan, ours, dl4j(plan, ours, shards));
      TrainingResult found = train(plan, theirs, dl4j(plan, theirs, shards));
      for (int i = 0; i < expected.parameters().length; i++) {
        assertThat(found.parameters()[i]).isCloseTo(expected.parameters()[i], within(1e-6f));
      }
      assertThat(found.history().get(0).learningRate()).isEqualTo(0.4 / 32);
      assertThat(found.history().get(1).learningRate()).isZero();
    }
  }

  @Test
  void aDivergingWorkerIsNamed() {
    TrainingPlan plan = plan(0, 1, 9);
    Learner learner = learner("dl4j", 0, Sgd.plain(), 1e38);
    try (Shards shards = Shards.of(rows(2), 3, plan.seed())) {
      assertThatThrownBy(() -> train(plan, learner, dl4j(plan, learner, shards)))
          .isInstanceOfSatisfying(
              ConveneException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.DIVERGED))
          .hasMessageMatching(
              "training diverged in epoch \\d, round 1: worker [01] has a loss or parameters that"
                  + " are not finite, at learning rate 1.0E38\\. Try a smaller learning rate, or scale the features; on-divergence = continue would go on");
    }
  }

  /** DL4J's workers one after the other, without Spark. */
  private record Looping(RoundTask task, List<Shard> shards) implements Workers {
    @Override
    public List<Integer> rows() {
      return shards.stream().map(Shard::rows).toList();
    }

    @Override
    public TrainedRound train(Round round, TrainingState state) {
      List<Contribution> contributions = new ArrayList<>();
      for (int i = 0; i < shards.size(); i++) {
        try {
          contributions.add(task.train(round, state, shards.get(i), i));
        } catch (Exception e) {
          throw new AssertionError(e);
        }
      }
      return TrainedRound.of(contributions);
    }

    @Override
    public List<ValidationSum> validate(int epoch, float[] parameters, ValidationMetric metric) {
      return List.of();
    }
  }

  private static Workers dl4j(TrainingPlan plan, Learner learner, Shards shards) {
    return new SparkWorkers(
        learner.network(),
        learner.task(plan),
        learner.stateCount(),
        shards,
        null,
        true,
        TrainingListener.NONE);
  }

  private static TrainingResult train(TrainingPlan plan, Learner learner, Workers workers) {
    return new TrainingLoop(plan, learner, workers, TrainingListener.NONE)
        .run(learner.initialParameters(1));
  }

  private static Learner learner(String backend, double dropout, Optimizer optimizer, double rate) {
    return learner(backend, dropout, optimizer, Schedule.constant(rate));
  }

  private static Learner learner(
      String backend, double dropout, Optimizer optimizer, Schedule schedule) {
    return TrainingBackend.named(backend)
        .learner(
            new DenseTraining(
                network(dropout), Initializer.XAVIER, optimizer, schedule, StepConstraints.NONE));
  }

  private static DenseNetwork network(double dropout) {
    return DenseNetwork.of(
        FEATURES, List.of(9), 3, Activation.TANH, dropout, Loss.SOFTMAX_CROSS_ENTROPY);
  }

  private static TrainingPlan plan(int batchSize, int averagingPeriod, int epochs) {
    return new TrainingPlan(
        epochs,
        Double.POSITIVE_INFINITY,
        17,
        new Minibatches(batchSize, 1, true, false),
        Averaging.plain(averagingPeriod),
        Plateau.NONE,
        EarlyStopping.NEVER,
        new DivergenceRule(true, 1000));
  }

  private static Dataset<Row> rows(int count) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      RandomStream random = RandomStream.of(5, Purpose.ROW_ORDER, i);
      double[] x = new double[FEATURES];
      for (int j = 0; j < FEATURES; j++) {
        x[j] = random.nextGaussian();
      }
      rows.add(RowFactory.create(Vectors.dense(x), (double) random.nextInt(3)));
    }
    StructType schema =
        new StructType().add("features", new VectorUDT()).add("label", DataTypes.DoubleType);
    return LocalSpark.session().createDataFrame(rows, schema);
  }
}
