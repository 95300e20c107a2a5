package dev.convene.train;

import static dev.convene.GoldenNumbers.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.blas.BlasChoice;
import dev.convene.blas.NativeBlas;
import dev.convene.nn.DenseNetwork;
import dev.convene.optim.Adam;
import dev.convene.optim.Plateau;
import dev.convene.optim.Sgd;
import dev.convene.shard.Shard;
import dev.ludovic.netlib.blas.BLAS;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingLoopTest {
  private static final BLAS NATIVE = NativeBlas.load(BlasChoice.DEFAULT).blas();
  private static final DenseNetwork MLP = Plan.classifier(5, List.of(8, 6), 3, 0);

  /** Writes down the rounds, and brings parameters that tell the epoch. */
  private static final class ScriptedWorkers implements Workers {
    private final List<Integer> rows;
    private final double[] validationLosses;
    private final List<Round> rounds = new ArrayList<>();

    ScriptedWorkers(List<Integer> rows, double... validationLosses) {
      this.rows = rows;
      this.validationLosses = validationLosses;
    }

    @Override
    public List<Integer> rows() {
      return rows;
    }

    @Override
    public TrainedRound train(Round round, TrainingState state) {
      rounds.add(round);
      TrainingState next = new TrainingState(new float[] {round.epoch()}, new float[0][]);
      return TrainedRound.of(
          List.of(Contribution.of(next, new LossSum(1, 1, 1, 1), LossSum.NONE, new float[0])));
    }

    @Override
    public List<ValidationSum> validate(int epoch, float[] parameters, ValidationMetric metric) {
      return validationLosses.length == 0
          ? List.of()
          : List.of(
              new ValidationSum(
                  new LossSum(2 * validationLosses[epoch - 1], 1, 2, 2), new double[0]));
    }
  }

  @Test
  void roundsCoverTheLongestListAndEndWithTheEpoch() {
    ScriptedWorkers workers = new ScriptedWorkers(List.of(7, 25, 0));

    List<EpochRecord> history =
        run(plan().batchSize(4).averagingPeriod(3).epochs(2), workers).history();

    assertThat(workers.rounds)
        .containsExactly(
            new Round(1, 1, 0, 3, 7, 2, 1),
            new Round(1, 2, 3, 6, 7, 2, 1),
            new Round(1, 3, 6, 7, 7, 2, 1),
            new Round(2, 1, 0, 3, 7, 2, 1),
            new Round(2, 2, 3, 6, 7, 2, 1),
            new Round(2, 3, 6, 7, 7, 2, 1));
    assertThat(history).extracting(EpochRecord::rounds).containsExactly(3, 3);
    assertThat(history).extracting(EpochRecord::epoch).containsExactly(1, 2);
  }

  @ParameterizedTest
  @CsvSource({
    // longest list of 25 rows in minibatches of 4: 7, or 6 without the last
    "1, false, 7",
    "2, false, 4",
    "6, false, 2",
    "7, false, 1",
    "8, false, 1",
    "0, false, 1",
    "1, true, 6",
    "5, true, 2",
    "6, true, 1",
    "2147483647, false, 1"
  })
  void countsRounds(int period, boolean dropLast, int expected) {
    ScriptedWorkers workers = new ScriptedWorkers(List.of(25, 24));
    Plan plan = plan().batchSize(4).averagingPeriod(period);
    if (dropLast) {
      plan.dropLast();
    }

    assertThat(run(plan, workers).history().get(0).rounds()).isEqualTo(expected);
    assertThat(workers.rounds).hasSize(expected);
  }

  @Test
  void oneWorkerMakesARoundOfAnEpoch() {
    ScriptedWorkers workers = new ScriptedWorkers(List.of(25));
    run(plan().batchSize(4).averagingPeriod(1), workers);
    assertThat(workers.rounds).containsExactly(new Round(1, 1, 0, 7, 7, 1, 1));
  }

  @Test
  void tellsTheListenerOfEveryRoundAndEpoch() {
    List<String> heard = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void roundEnded(Round round, int roundsOfEpoch) {
            heard.add("round " + round.number() + " of " + roundsOfEpoch);
          }

          @Override
          public void epochEnded(EpochRecord record) {
            heard.add("epoch " + record.epoch());
          }
        };

    plan()
        .batchSize(4)
        .averagingPeriod(4)
        .epochs(2)
        .loop(new ScriptedWorkers(List.of(25, 25)), listener)
        .run(new float[1]);

    assertThat(heard)
        .containsExactly(
            "round 1 of 2", "round 2 of 2", "epoch 1", "round 1 of 2", "round 2 of 2", "epoch 2");
  }

  @Test
  void earlyStoppingKeepsTheBestEpochsParameters() {
    ScriptedWorkers workers = new ScriptedWorkers(List.of(1), 5, 3, 4, 3, 3.5, 1, 1);

    TrainingResult result = run(plan().epochs(7).patience(3, 0), workers);

    assertThat(result.history())
        .extracting(EpochRecord::validationLoss)
        .containsExactly(5.0, 3.0, 4.0, 3.0, 3.5);
    assertThat(result.parameters()).containsExactly(2);
  }

  @Test
  void earlyStoppingWantsMoreThanMinDelta() {
    double[] losses = {5, 4.5, 4, 3.75, 3.5};

    assertThat(run(plan().epochs(5).patience(5, 0.5), new ScriptedWorkers(List.of(1), losses)))
        .satisfies(result -> assertThat(result.parameters()).containsExactly(3))
        .satisfies(result -> assertThat(result.history()).hasSize(5));
    assertThat(run(plan().epochs(5).patience(1, 0.5), new ScriptedWorkers(List.of(1), losses)))
        .satisfies(result -> assertThat(result.parameters()).containsExactly(1))
        .satisfies(result -> assertThat(result.history()).hasSize(2));
  }

  @Test
  void withoutEarlyStoppingTheLastEpochsParametersStay() {
    TrainingResult result = run(plan().epochs(3), new ScriptedWorkers(List.of(1), 1, 2, 3));

    assertThat(result.parameters()).containsExactly(3);
    assertThat(result.history())
        .extracting(EpochRecord::validationLoss)
        .containsExactly(1.0, 2.0, 3.0);
    assertThat(result.history().get(0).validationAccuracy()).isEqualTo(0.5);
  }

  @Test
  void theEndSaysWhyAndWhichEpochIsKept() {
    double[] losses = {5, 3, 4, 3, 3.5, 1, 1};
    assertThat(run(plan().epochs(7).patience(3, 0), new ScriptedWorkers(List.of(1), losses)).end())
        .isEqualTo(
            new TrainingEnd(2, TrainingEnd.Cause.EARLY_STOPPING, ValidationMetric.LOSS, 3.0));
    assertThat(run(plan().epochs(4).patience(4, 0), new ScriptedWorkers(List.of(1), losses)).end())
        .isEqualTo(new TrainingEnd(2, TrainingEnd.Cause.LAST_EPOCH, ValidationMetric.LOSS, 3.0));
    assertThat(run(plan().epochs(3), new ScriptedWorkers(List.of(1), losses)).end())
        .isEqualTo(new TrainingEnd(3, TrainingEnd.Cause.LAST_EPOCH, ValidationMetric.LOSS, null));
  }

  @Test
  void noEpochBeginsWhenTheTimeIsUp() {
    TrainingResult result =
        run(plan().epochs(1000).maxSeconds(1e-9), new ScriptedWorkers(List.of(1), 5, 4, 3));

    assertThat(result.history()).hasSize(1);
    assertThat(result.end())
        .isEqualTo(new TrainingEnd(1, TrainingEnd.Cause.TIME_LIMIT, ValidationMetric.LOSS, null));
  }

  /** The scripted accuracy is the same for all epochs: the first is the best. */
  @Test
  void epochsAreComparedByTheMetric() {
    ScriptedWorkers workers = new ScriptedWorkers(List.of(1), 5, 4, 3, 2, 1);

    TrainingResult result =
        run(
            plan().epochs(5).earlyStopping(new EarlyStopping(ValidationMetric.ACCURACY, 3, 0)),
            workers);

    assertThat(result.end())
        .isEqualTo(
            new TrainingEnd(1, TrainingEnd.Cause.EARLY_STOPPING, ValidationMetric.ACCURACY, 0.5));
    assertThat(result.history()).hasSize(4);
    assertThat(result.parameters()).containsExactly(1);
  }

  /** Losses fall until the third epoch; two more are borne, then the rate halves. */
  @Test
  void aPlateauReducesTheRateOfLaterEpochs() {
    Plateau plateau = new Plateau(0.1, 0.5, 1, 0, false, 0, 0, true);

    assertThat(
            run(
                    plan().epochs(8).plateau(plateau),
                    new ScriptedWorkers(List.of(1), 5, 4, 3, 3, 3, 3, 3, 3))
                .history())
        .extracting(EpochRecord::learningRate)
        .containsExactly(0.1, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.025);
  }

  @Test
  void refusesWhatGivesNothingToTrainOrToStopBy() {
    assertData(plan(), new ScriptedWorkers(List.of(0, 0)), "there are no training rows");
    assertData(
        plan().batchSize(10).dropLast(),
        new ScriptedWorkers(List.of(9, 8)),
        "17 training rows on 2 workers give no minibatch of 10 rows: make minibatches"
            + " smaller, or keep incomplete ones (drop-last = false)");
    assertData(
        plan().patience(4, 0),
        new ScriptedWorkers(List.of(9)),
        "early stopping with a patience of 4 needs validation rows, and there are none");
  }

  @Test
  void historyHasWhatAnEpochCameTo() {
    InMemoryRows rows = InMemoryRows.random(50, 5, 3, 1);
    Plan options = Plan.of(MLP, Sgd.plain(), 0.25).batchSize(8).averagingPeriod(2).epochs(2);
    Workers workers =
        options.workers(NATIVE, rows.roundRobin(2, 10), InMemoryRows.random(9, 5, 3, 2).oneShard());

    List<EpochRecord> history = run(options, workers, 1).history();

    for (EpochRecord record : history) {
      assertThat(record.examples()).isEqualTo(50);
      assertThat(record.rounds()).isEqualTo(2);
      assertThat(record.learningRate()).isEqualTo(0.25);
      assertThat(record.trainLoss()).isPositive();
      assertThat(record.trainAccuracy() * 50).isBetween(0.0, 50.0);
      assertThat(record.validationAccuracy() * 9).isBetween(0.0, 9.0);
    }
    Plan regression = Plan.of(Plan.linearRegression(5), Sgd.plain(), 0.01);
    EpochRecord noClasses =
        run(regression, regression.workers(NATIVE, rows.oneShard()), 1).history().get(0);
    assertThat(noClasses.trainAccuracy()).isNull();
    assertThat(noClasses.validationLoss()).isNull();
    assertThat(noClasses.validationAccuracy()).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void averagingEveryStepOfEqualShardsIsOneBigBatch(int shards) {
    int batch = 5;
    InMemoryRows rows = InMemoryRows.random(20 * shards, 5, 3, 1);
    Plan small = Plan.of(MLP, Sgd.plain(), 0.5).batchSize(batch).averagingPeriod(1).epochs(3);
    Plan big = Plan.of(MLP, Sgd.plain(), 0.5).batchSize(batch * shards).epochs(3);

    TrainingResult averaged = run(small, small.workers(NATIVE, rows.roundRobin(shards, 6)), 1);
    TrainingResult one = run(big, big.workers(NATIVE, rows.oneShard()), 1);

    assertClose("parameters", averaged.parameters(), one.parameters(), 1e-5, 1e-6);
    for (int i = 0; i < 3; i++) {
      assertClose(
          "loss", averaged.history().get(i).trainLoss(), one.history().get(i).trainLoss(), 1e-6, 0);
    }
  }

  /** Of rows and sizes that the workers do not divide, too. */
  @ParameterizedTest
  @CsvSource({"60, 10, 2", "60, 10, 3", "64, 10, 3", "65, 7, 4", "61, 5, 5", "23, 100, 4"})
  void sharedMinibatchesAveragedEveryStepAreThoseOfOneWorker(int rows, int batchSize, int shards) {
    InMemoryRows all = InMemoryRows.random(rows, 5, 3, 1);
    Plan shared =
        Plan.of(MLP, Sgd.plain(), 0.5)
            .batchSize(batchSize)
            .sharedBy(shards)
            .averagingPeriod(1)
            .epochs(3);
    Plan alone = Plan.of(MLP, Sgd.plain(), 0.5).batchSize(batchSize).epochs(3);

    TrainingResult averaged = run(shared, shared.workers(NATIVE, all.roundRobin(shards, 6)), 1);
    TrainingResult one = run(alone, alone.workers(NATIVE, all.oneShard()), 1);

    assertClose("parameters", averaged.parameters(), one.parameters(), 1e-5, 1e-6);
    assertThat(averaged.history())
        .extracting(EpochRecord::rounds)
        .containsOnly((rows + batchSize - 1) / batchSize);
    assertThat(averaged.history()).extracting(EpochRecord::examples).containsOnly((long) rows);
  }

  @Test
  void anIncompleteSharedMinibatchIsDroppedByAll() {
    ScriptedWorkers workers = new ScriptedWorkers(List.of(5, 5, 4));

    run(plan().batchSize(5).sharedBy(3).dropLast().averagingPeriod(1), workers);

    assertThat(workers.rounds)
        .containsExactly(new Round(1, 1, 0, 1, 2, 1, 1), new Round(1, 2, 1, 2, 2, 1, 1));
    assertData(
        plan().batchSize(15).sharedBy(3).dropLast(),
        workers,
        "14 training rows on 3 workers give no minibatch of 15 rows: make minibatches smaller, or"
            + " keep incomplete ones (drop-last = false)");
  }

  @Test
  void fullBatchesOfUnequalShardsAreOneFullBatch() {
    InMemoryRows rows = InMemoryRows.random(30, 5, 3, 1);
    Plan full = Plan.of(MLP, Sgd.plain(), 0.5).averagingPeriod(1).epochs(4);
    List<Shard> unequal =
        List.of(
            rows.shard(IntStream.range(0, 7).toArray(), 4),
            rows.shard(IntStream.range(7, 27).toArray(), 50),
            new Shard(List.of()),
            rows.shard(IntStream.range(27, 30).toArray(), 1));

    assertClose(
        "parameters",
        run(full, full.workers(NATIVE, unequal), 1).parameters(),
        run(full, full.workers(NATIVE, rows.oneShard()), 1).parameters(),
        1e-5,
        1e-6);
  }

  @Test
  void oneWorkersParametersDoNotDependOnThePeriod() {
    InMemoryRows rows = InMemoryRows.random(50, 5, 3, 1);
    DenseNetwork dropping = Plan.classifier(5, List.of(8, 6), 3, 0.3);
    float[] parameters = null;
    for (int period : new int[] {AveragingPeriod.ONCE_AN_EPOCH, 1, 2, 3, 100}) {
      Plan plan =
          Plan.of(dropping, Adam.withDefaults(), 0.01)
              .batchSize(8)
              .shuffle()
              .averagingPeriod(period)
              .epochs(3);
      float[] found = run(plan, plan.workers(NATIVE, rows.roundRobin(1, 16)), 1).parameters();
      if (parameters != null) {
        assertThat(found).isEqualTo(parameters);
      }
      parameters = found;
    }
  }

  @Test
  void anEmptyShardAddsNothing() {
    InMemoryRows rows = InMemoryRows.random(30, 5, 3, 1);
    Plan plan =
        Plan.of(MLP, Adam.withDefaults(), 0.01).batchSize(4).averagingPeriod(2).shuffle().epochs(2);
    List<Shard> shards = rows.roundRobin(2, 7);
    List<Shard> withEmpty = List.of(shards.get(0), shards.get(1), new Shard(List.of()));

    TrainingResult expected = run(plan, plan.workers(NATIVE, shards), 1);
    TrainingResult found = run(plan, plan.workers(NATIVE, withEmpty), 1);

    assertThat(found.parameters()).isEqualTo(expected.parameters());
    assertThat(found.history())
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("seconds")
        .isEqualTo(expected.history());
  }

  private static Plan plan() {
    return Plan.of(MLP, Sgd.plain(), 0.1);
  }

  private static TrainingResult run(Plan plan, Workers workers) {
    return plan.loop(workers).run(new float[1]);
  }

  private static TrainingResult run(Plan plan, Workers workers, long seed) {
    float[] initial = plan.learner().initialParameters(seed);
    float[] before = initial.clone();
    TrainingResult result = plan.loop(workers).run(initial);
    assertThat(initial).as("the caller's parameters").isEqualTo(before);
    assertThat(result.parameters()).isNotEqualTo(before);
    return result;
  }

  private static void assertData(Plan plan, Workers workers, String message) {
    assertThatThrownBy(() -> run(plan, workers))
        .isInstanceOfSatisfying(
            ConveneException.class,
            failure -> assertThat(failure.status()).isEqualTo(ExitStatus.DATA))
        .hasMessage(message);
  }
}
