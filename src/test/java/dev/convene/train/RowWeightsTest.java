package dev.convene.train;

import static dev.convene.GoldenNumbers.assertClose;
import static dev.convene.Ones.ones;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.blas.BlasChoice;
import dev.convene.blas.NativeBlas;
import dev.convene.nn.Activation;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.Initializer;
import dev.convene.nn.Loss;
import dev.convene.nn.RandomStream;
import dev.convene.nn.RandomStream.Purpose;
import dev.convene.optim.Adam;
import dev.convene.optim.Optimizer;
import dev.convene.optim.Sgd;
import dev.convene.shard.Shard;
import dev.ludovic.netlib.blas.BLAS;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a row's weight means, and networks of several targets. A full batch of 1500 rows goes
 * through the network in two parts.
 */
class RowWeightsTest {
  /** The average begins with what training starts from, also if the first row weighs nothing. */
  @Test
  void aFirstMinibatchOfWeightZeroLeavesTheMovingAverageWhereTrainingStarts() {
    InMemoryRows rows =
        new InMemoryRows(1, new float[] {1, 1}, new float[] {1, 1}).weighted(new float[] {0, 1});
    Plan plan =
        Plan.of(Plan.linearRegression(1), Sgd.plain(), 0.25)
            .batchSize(1)
            .constraints(new StepConstraints(0, 0, 0, 0, 0.75));

    float[] result =
        plan.loop(plan.workers(NATIVE, rows.oneShard())).run(new float[] {4, 5}).parameters();

    // The error 8 has gradients of 16: the step ends at 0 and 1, of which the average has a
    // quarter.
    assertThat(result).containsExactly(3, 4);
  }

  private static final BLAS NATIVE = NativeBlas.load(BlasChoice.DEFAULT).blas();
  private static final DenseNetwork CLASSIFIER = Plan.classifier(4, List.of(6), 3, 0);
  private static final DenseNetwork TWO_OUTPUTS =
      DenseNetwork.of(4, List.of(6), 2, Activation.TANH, 0, Loss.MEAN_SQUARED_ERROR);
  private static final int ROWS = 1500;

  static Stream<Arguments> networksAndOptimizers() {
    return Stream.of(CLASSIFIER, TWO_OUTPUTS)
        .flatMap(
            network ->
                Stream.of(
                    Arguments.of(network, new Sgd(0.9, 0, false, 0.01), 0.1),
                    Arguments.of(network, Adam.withDefaults(), 0.01)));
  }

  @ParameterizedTest
  @MethodSource("networksAndOptimizers")
  void aWeightIsHowOftenARowIsThere(DenseNetwork network, Optimizer optimizer, double rate) {
    Plan plan = Plan.of(network, optimizer, rate).epochs(4);
    float[] weights = new float[ROWS];
    int[] asOften =
        IntStream.range(0, ROWS)
            .flatMap(row -> IntStream.generate(() -> row).limit(row % 4))
            .toArray();
    for (int row : asOften) {
      weights[row]++;
    }
    InMemoryRows rows = rows(network);

    TrainingResult weighted = run(plan, rows.weighted(weights).oneShard());
    TrainingResult repeated = run(plan, List.of(rows.shard(asOften, 700)));

    assertThat(asOften).hasSize(2250);
    assertSameTraining(weighted, repeated);
    assertThat(weighted.history().get(0).examples()).isEqualTo(ROWS);
    assertThat(repeated.history().get(0).examples()).isEqualTo(2250);
  }

  @ParameterizedTest
  @MethodSource("networksAndOptimizers")
  void equalWeightsAreNone(DenseNetwork network, Optimizer optimizer, double rate) {
    Plan plan =
        Plan.of(network, optimizer, rate).batchSize(64).shuffle().averagingPeriod(3).epochs(2);
    InMemoryRows rows = rows(network);
    TrainingResult unweighted = run(plan, rows.roundRobin(3, 100));

    float[] quarters = new float[ROWS];
    Arrays.fill(quarters, 0.25f);
    TrainingResult exact = run(plan, rows.weighted(quarters).roundRobin(3, 100));
    assertThat(exact.parameters()).isEqualTo(unweighted.parameters());
    assertThat(exact.history())
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("seconds")
        .isEqualTo(unweighted.history());

    float[] sevens = new float[ROWS];
    Arrays.fill(sevens, 7);
    assertSameTraining(run(plan, rows.weighted(sevens).roundRobin(3, 100)), unweighted);
  }

  /** Plain SGD from the same parameters: averages by weight make the gradient of all rows. */
  @Test
  void fullBatchesOfShardsOfUnequalWeightAreOneFullBatch() {
    InMemoryRows rows = rows(CLASSIFIER).weighted(uniform(ROWS));
    Plan plan = Plan.of(CLASSIFIER, Sgd.plain(), 0.5).averagingPeriod(1).epochs(4);
    List<Shard> shards =
        List.of(
            rows.shard(IntStream.range(0, 100).toArray(), 64),
            rows.shard(IntStream.range(100, 1450).toArray(), 500),
            rows.shard(IntStream.range(1450, ROWS).toArray(), 500));

    assertSameTraining(run(plan, shards), run(plan, rows.oneShard()));
  }

  /** Of parameters 0 the loss is the target's square, or ln 2, and class 0 is predicted. */
  @Test
  void historyIsAMeanByWeight() {
    float[] weights = {3, 1, 0};
    Plan still = Plan.of(Plan.linearRegression(1), Sgd.plain(), 0);
    InMemoryRows rows = new InMemoryRows(1, new float[] {5, 6, 7}, new float[] {1, 2, 9}, weights);
    EpochRecord record = run(still, rows.oneShard(), rows.roundRobin(2, 1), new float[2]);
    assertThat(record.trainLoss()).isEqualTo((3 * 1 + 1 * 4) / 4.0);
    assertThat(record.validationLoss()).isEqualTo(1.75);
    assertThat(record.examples()).isEqualTo(3);

    DenseNetwork twoClasses = Plan.classifier(1, List.of(), 2, 0);
    InMemoryRows classes =
        new InMemoryRows(1, new float[] {5, 6, 7}, new float[] {0, 1, 1}, weights);
    EpochRecord classified =
        run(
            Plan.of(twoClasses, Sgd.plain(), 0),
            classes.oneShard(),
            classes.roundRobin(2, 1),
            new float[4]);
    assertThat(classified.trainLoss()).isCloseTo(Math.log(2), within(1e-15));
    assertThat(classified.trainAccuracy()).isEqualTo(0.75);
    assertThat(classified.validationAccuracy()).isEqualTo(0.75);
  }

  /**
   * Zero parameters, feature 1, targets 1 and 4 of weights 3 and 1: the gradient by the bias is -2
   * (3 * 1 + 1 * 4) / 4, and so is the one by the weight.
   */
  @ParameterizedTest
  @ValueSource(ints = {2, 5, Minibatches.FULL_BATCH})
  void aStepIsTheOneComputedByHand(int batchSize) {
    Plan plan = Plan.of(Plan.linearRegression(1), Sgd.plain(), 0.5).batchSize(batchSize);
    InMemoryRows rows =
        new InMemoryRows(1, new float[] {1, 1}, new float[] {1, 4}, new float[] {3, 1});

    TrainingState state =
        plan.worker(NATIVE)
            .train(
                Plan.round(1, 1, 0, 1, 1),
                new TrainingState(new float[2], new float[0][]),
                rows.oneShard().get(0),
                0)
            .state();

    assertThat(state.parameters()).containsExactly(1.75f, 1.75f);
  }

  @Test
  void aMinibatchOfWeight0MakesNoStep() {
    Plan plan = Plan.of(CLASSIFIER, Adam.withDefaults(), 0.01).batchSize(2);
    Worker worker = plan.worker(NATIVE);
    InMemoryRows rows = InMemoryRows.random(6, 4, 3, 1).weighted(new float[] {0, 0, 2, 0.5f, 0, 0});
    float[] parameters = Initializer.XAVIER.initialParameters(CLASSIFIER, 1);
    TrainingState start = plan.initialState(parameters);
    Shard shard = rows.oneShard().get(0);

    Contribution none = worker.train(Plan.round(1, 1, 0, 1, 1), start, shard, 0);
    Contribution epoch = worker.train(Plan.round(1, 1, 0, 3, 3), start, shard, 0);
    Contribution second = worker.train(Plan.round(1, 1, 1, 2, 2), start, shard, 0);

    assertThat(none.state().parameters()).isEqualTo(parameters);
    assertThat(none.report().sums()).isEqualTo(new LossSum(0, 0, 0, 2));
    assertThat(epoch.state().parameters())
        .isEqualTo(second.state().parameters())
        .isNotEqualTo(parameters);
    assertThat(epoch.report().sums().weight()).isEqualTo(2.5);
    assertThat(epoch.report().sums().rows()).isEqualTo(6);
  }

  @Test
  void aRoundInWhichNobodyHasWeightChangesNothing() {
    float[] weights = {0, 0, 1, 1};
    InMemoryRows rows = InMemoryRows.random(4, 4, 3, 1).weighted(weights);
    Plan plan = Plan.of(CLASSIFIER, Sgd.plain(), 0.1).batchSize(1).averagingPeriod(1);

    TrainingResult result = run(plan, rows.roundRobin(2, 10));

    assertThat(result.history().get(0).rounds()).isEqualTo(2);
    InMemoryRows heavy = InMemoryRows.random(4, 4, 3, 1);
    List<Shard> withoutLight =
        List.of(heavy.shard(new int[] {2}, 1), heavy.shard(new int[] {3}, 1));
    assertThat(result.parameters()).isEqualTo(run(plan, withoutLight).parameters());
  }

  @Test
  void refusesRowsThatAllHaveWeight0() {
    Plan plan = Plan.of(CLASSIFIER, Sgd.plain(), 0.1).batchSize(2);
    List<Shard> shards = InMemoryRows.random(5, 4, 3, 1).weighted(new float[5]).roundRobin(2, 10);

    assertThatThrownBy(() -> run(plan, shards))
        .isInstanceOfSatisfying(
            ConveneException.class,
            failure -> assertThat(failure.status()).isEqualTo(ExitStatus.DATA))
        .hasMessage("the weights of all 5 training rows are 0: nothing can be learnt");
  }

  private static InMemoryRows rows(DenseNetwork network) {
    InMemoryRows classes = InMemoryRows.random(ROWS, 4, 3, 1);
    if (network.loss().classifies()) {
      return classes;
    }
    float[] targets = new float[ROWS * network.targetsPerRow()];
    RandomStream random = RandomStream.of(2, Purpose.INITIAL_PARAMETERS);
    for (int i = 0; i < targets.length; i++) {
      targets[i] = (float) random.nextGaussian();
    }
    return new InMemoryRows(4, classes.x(), targets, ones(ROWS));
  }

  private static float[] uniform(int n) {
    RandomStream random = RandomStream.of(3, Purpose.INITIAL_PARAMETERS);
    float[] weights = new float[n];
    for (int i = 0; i < n; i++) {
      weights[i] = (float) random.nextDouble();
    }
    return weights;
  }

  private static EpochRecord run(
      Plan plan, List<Shard> training, List<Shard> validation, float[] initial) {
    return plan.loop(plan.workers(NATIVE, training, validation)).run(initial).history().get(0);
  }

  private static TrainingResult run(Plan plan, List<Shard> shards) {
    return plan.loop(plan.workers(NATIVE, shards)).run(plan.learner().initialParameters(1));
  }

  private static void assertSameTraining(TrainingResult actual, TrainingResult expected) {
    assertClose("parameters", actual.parameters(), expected.parameters(), 1e-4, 2e-6);
    for (int i = 0; i < expected.history().size(); i++) {
      EpochRecord found = actual.history().get(i);
      EpochRecord record = expected.history().get(i);
      assertClose("loss", found.trainLoss(), record.trainLoss(), 1e-5, 0);
      if (record.trainAccuracy() != null) {
        assertClose("accuracy", found.trainAccuracy(), record.trainAccuracy(), 2e-3, 0);
      }
    }
  }
}
