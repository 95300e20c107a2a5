package dev.convene.train;

import static dev.convene.GoldenNumbers.assertClose;
import static dev.convene.Ones.ones;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convene.blas.BlasChoice;
import dev.convene.blas.NativeBlas;
import dev.convene.nn.Backpropagation;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.Initializer;
import dev.convene.nn.RandomStream;
import dev.convene.nn.RandomStream.Purpose;
import dev.convene.nn.RowBuffer;
import dev.convene.optim.Adam;
import dev.convene.optim.Optimizer;
import dev.convene.optim.Sgd;
import dev.convene.shard.Shard;
import dev.ludovic.netlib.blas.BLAS;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerTest {
  private static final BLAS NATIVE = NativeBlas.load(BlasChoice.DEFAULT).blas();
  private static final int PRIME = 97;
  private static final DenseNetwork DROPPING = Plan.classifier(5, List.of(9, 4), 3, 0.4);

  @Test
  void mayRunTwiceAndLeavesTheStartAsItWas() {
    Plan plan = Plan.of(DROPPING, adam(), 0.01).batchSize(7).shuffle();
    Worker worker = plan.worker(NATIVE);
    Shard shard = InMemoryRows.random(50, 5, 3, 1).roundRobin(1, 16).get(0);
    TrainingState start = startInTheMiddle(plan);
    TrainingState startBefore = start.copy();
    Round round = Plan.round(3, 2, 2, 6, 8);

    Contribution first = worker.train(round, start, shard, 1);
    Contribution again = plan.worker(NATIVE).train(round, start, shard, 1);

    assertSameBits(again.state(), first.state());
    assertThat(again.report().sums()).isEqualTo(first.report().sums());
    assertSameBits(start, startBefore);
    assertThat(first.state().parameters()).isNotEqualTo(start.parameters());
    assertThat(first.report().sums().weight()).isEqualTo(4 * 7);
  }

  @Test
  void takesTheStepsOfAnEpochWhereverItIsInterrupted() {
    Plan plan = Plan.of(DROPPING, adam(), 0.01).batchSize(7).shuffle();
    Worker worker = plan.worker(NATIVE);
    Shard shard = InMemoryRows.random(50, 5, 3, 1).roundRobin(1, 16).get(0);
    TrainingState start = startInTheMiddle(plan);

    Contribution whole = worker.train(Plan.round(3, 1, 0, 8, 8), start, shard, 1);
    TrainingState state = start;
    double rows = 0;
    for (int[] minibatches : new int[][] {{0, 1}, {1, 4}, {4, 8}}) {
      Round round = Plan.round(3, 9, minibatches[0], minibatches[1], 8);
      Contribution part = worker.train(round, state, shard, 1);
      state = part.state();
      rows += part.report().sums().weight();
    }

    assertSameBits(state, whole.state());
    assertThat(rows).isEqualTo(whole.report().sums().weight()).isEqualTo(50);
  }

  @Test
  void hasDropoutOfItsOwnInEveryEpochAndWorker() {
    Plan plan = Plan.of(DROPPING, Sgd.plain(), 0.1);
    Shard shard = InMemoryRows.random(50, 5, 3, 1).oneShard().get(0);
    Worker worker = plan.worker(NATIVE);
    TrainingState start = startInTheMiddle(plan);

    float[] parameters =
        worker.train(Plan.round(1, 1, 0, 1, 1), start, shard, 0).state().parameters();
    assertThat(worker.train(Plan.round(2, 1, 0, 1, 0), start, shard, 0).state().parameters())
        .isNotEqualTo(parameters);
    assertThat(worker.train(Plan.round(1, 1, 0, 1, 1), start, shard, 1).state().parameters())
        .isNotEqualTo(parameters);
    assertThat(worker.train(Plan.round(1, 2, 0, 1, 1), start, shard, 0).state().parameters())
        .as("the round's number decides nothing")
        .isEqualTo(parameters);
  }

  @Test
  void addsNothingWithoutRowsOrMinibatches() {
    Plan plan = Plan.of(DROPPING, adam(), 0.01).batchSize(7);
    Worker worker = plan.worker(NATIVE);
    TrainingState start = startInTheMiddle(plan);
    Shard shard = InMemoryRows.random(20, 5, 3, 1).oneShard().get(0);

    Contribution empty = worker.train(Plan.round(1, 1, 0, 3, 3), start, new Shard(List.of()), 0);
    Contribution late = worker.train(Plan.round(1, 2, 3, 6, 6), start, shard, 0);

    assertThat(empty).isEqualTo(Contribution.NONE);
    assertThat(late).isEqualTo(empty);
    assertThat(
            ShardValidation.of(
                    DROPPING,
                    ValidationMetric.LOSS,
                    start.parameters(),
                    new Shard(List.of()),
                    NATIVE)
                .losses())
        .isEqualTo(new LossSum(0, 0, 0, 0));
  }

  /**
   * Row i has feature i alone, target 1 and all parameters start at 0: at a tiny rate, weight i
   * shows how often row i was used, and in a minibatch of how many rows.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 10, 48, 97, 1000, Minibatches.FULL_BATCH})
  void usesEveryRowOnceAnEpoch(int batchSize) {
    for (int shards : new int[] {1, 2, 3, 5}) {
      for (boolean shuffle : new boolean[] {false, true}) {
        for (boolean dropLast : new boolean[] {false, true}) {
          assertThat(rowsByMinibatchRows(batchSize, shards, shuffle, dropLast))
              .as("batch size %s, %s shards, shuffle %s", batchSize, shards, shuffle)
              .isEqualTo(expectedRowsByMinibatchRows(batchSize, shards, dropLast));
        }
      }
    }
  }

  private static Map<Integer, Integer> expectedRowsByMinibatchRows(
      int batchSize, int shards, boolean dropLast) {
    Map<Integer, Integer> expected = new TreeMap<>();
    for (int shard = 0; shard < shards; shard++) {
      int rows = PRIME / shards + (shard < PRIME % shards ? 1 : 0);
      int full = batchSize == Minibatches.FULL_BATCH ? rows : batchSize;
      if (rows >= full) {
        expected.merge(full, rows / full * full, Integer::sum);
      }
      if (rows % full > 0) {
        expected.merge(dropLast ? 0 : rows % full, rows % full, Integer::sum);
      }
    }
    return expected;
  }

  /** How many rows were used once, in a minibatch of so many rows; 0: not used. */
  private static Map<Integer, Integer> rowsByMinibatchRows(
      int batchSize, int shards, boolean shuffle, boolean dropLast) {
    float[] oneHot = new float[PRIME * PRIME];
    float[] ones = new float[PRIME];
    for (int i = 0; i < PRIME; i++) {
      oneHot[i * PRIME + i] = 1;
      ones[i] = 1;
    }
    double rate = 1e-6;
    Plan options = Plan.of(Plan.linearRegression(PRIME), Sgd.plain(), rate).batchSize(batchSize);
    if (shuffle) {
      options.shuffle();
    }
    if (dropLast) {
      options.dropLast();
    }
    Worker worker = options.worker(NATIVE);
    TrainingState start = options.initialState(new float[PRIME + 1]);
    Round epoch = Plan.round(2, 1, 0, PRIME, 0);
    double[] gradients = new double[PRIME];
    double weight = 0;
    List<Shard> dealt = new InMemoryRows(PRIME, oneHot, ones).roundRobin(shards, 10);
    for (int shard = 0; shard < shards; shard++) {
      Contribution contribution = worker.train(epoch, start, dealt.get(shard), shard);
      weight += contribution.report().sums().weight();
      for (int i = 0; i < PRIME && contribution.state() != null; i++) {
        gradients[i] += contribution.state().parameters()[i] / rate;
      }
    }
    Map<Integer, Integer> counts = new TreeMap<>();
    int used = 0;
    for (double gradient : gradients) {
      // A row of a minibatch of m rows adds 2 (1 - 0) / m.
      int minibatchRows = gradient == 0 ? 0 : (int) Math.round(2 / gradient);
      if (minibatchRows > 0) {
        assertThat(gradient).isCloseTo(2.0 / minibatchRows, within(1e-3 * gradient));
        used++;
      }
      counts.merge(minibatchRows, 1, Integer::sum);
    }
    assertThat(weight).isEqualTo(used);
    return counts;
  }

  @Test
  void takesALargeFullBatchInPartsWithTheGradientOfOne() {
    int rows = 2500;
    InMemoryRows all = InMemoryRows.random(rows, 5, 3, 1);
    Plan plan = Plan.of(DROPPING, Sgd.plain(), 1);
    float[] parameters = Initializer.XAVIER.initialParameters(DROPPING, 1);
    TrainingState start = plan.initialState(parameters);
    Shard shard = all.roundRobin(1, 700).get(0);

    Contribution inParts = plan.worker(NATIVE).train(Plan.round(4, 1, 0, 1, 0), start, shard, 2);

    Backpropagation atOnce = new Backpropagation(DROPPING, rows, NATIVE);
    float[] expected = parameters.clone();
    atOnce.propagate(
        parameters,
        new RowBuffer(all.x(), all.y(), ones(rows)),
        rows,
        0,
        rows,
        rows,
        RandomStream.of(plan.plan().seed(), Purpose.DROPOUT, 4, 2, 0),
        (gradient, offset, length) -> {
          for (int i = offset; i < offset + length; i++) {
            expected[i] -= gradient[i];
          }
        });
    assertClose("parameters", inParts.state().parameters(), expected, 1e-5, 1e-7);
    assertClose("loss", inParts.report().sums().lossSum(), atOnce.lossSum(), 1e-6, 0);
    assertThat(inParts.report().sums().correct()).isEqualTo(atOnce.correct());
    assertThat(inParts.report().sums().weight()).isEqualTo(rows);
  }

  @Test
  void evaluatesWithoutDropout() {
    DenseNetwork same = Plan.classifier(5, List.of(9, 4), 3, 0);
    float[] parameters = Initializer.XAVIER.initialParameters(same, 1);
    Shard shard = InMemoryRows.random(1500, 5, 3, 1).roundRobin(1, 400).get(0);
    Plan still = Plan.of(same, Sgd.plain(), 0);

    LossSum evaluated =
        ShardValidation.of(DROPPING, ValidationMetric.LOSS, parameters, shard, NATIVE).losses();
    LossSum trained =
        still
            .worker(NATIVE)
            .train(Plan.round(1, 1, 0, 1, 1), still.initialState(parameters), shard, 0)
            .report()
            .sums();

    assertClose("loss", evaluated.lossSum(), trained.lossSum(), 1e-6, 0);
    assertThat(evaluated.correct()).isEqualTo(trained.correct());
    assertThat(evaluated.weight()).isEqualTo(1500);
  }

  /** The loss is a linear function of the share. */
  @Test
  void smoothsTheLabelsOfTrainingAndNotOfValidation() {
    DenseNetwork network = Plan.classifier(5, List.of(9, 4), 3, 0);
    float[] parameters = Initializer.XAVIER.initialParameters(network, 1);
    Shard shard = InMemoryRows.random(150, 5, 3, 1).roundRobin(1, 40).get(0);
    double none = trainLoss(network, 0, parameters, shard);
    double some = trainLoss(network, 0.2, parameters, shard);
    double more = trainLoss(network, 0.4, parameters, shard);

    assertThat(Math.abs(some - none)).isGreaterThan(1e-2);
    assertClose("loss", more - none, 2 * (some - none), 1e-6, 0);
    assertClose(
        "validation",
        ShardValidation.of(network, ValidationMetric.LOSS, parameters, shard, NATIVE)
            .losses()
            .lossSum(),
        none,
        1e-6,
        0);
  }

  private static double trainLoss(
      DenseNetwork network, double labelSmoothing, float[] parameters, Shard shard) {
    Plan plan = Plan.of(network, Sgd.plain(), 0).labelSmoothing(labelSmoothing);
    return plan.worker(NATIVE)
        .train(Plan.round(1, 1, 0, 1, 1), plan.initialState(parameters), shard, 0)
        .report()
        .sums()
        .lossSum();
  }

  private static Optimizer adam() {
    return Adam.withDefaults();
  }

  /** A state as after some steps. */
  private static TrainingState startInTheMiddle(Plan plan) {
    TrainingState state = plan.initialState(plan.learner().initialParameters(1));
    for (float[] moments : state.optimizerStates()) {
      Arrays.fill(moments, 0.01f);
    }
    return state;
  }

  private static void assertSameBits(TrainingState actual, TrainingState expected) {
    assertThat(actual.parameters()).isEqualTo(expected.parameters());
    assertThat(actual.optimizerStates()).isDeepEqualTo(expected.optimizerStates());
  }
}
