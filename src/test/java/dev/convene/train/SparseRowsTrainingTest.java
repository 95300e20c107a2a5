package dev.convene.train;

import static dev.convene.GoldenNumbers.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.nn.Activation;
import dev.convene.nn.Backpropagation;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.DropoutRates;
import dev.convene.nn.Initializer;
import dev.convene.nn.Loss;
import dev.convene.nn.RandomStream;
import dev.convene.nn.RandomStream.Purpose;
import dev.convene.nn.RowBuffer;
import dev.convene.optim.Adagrad;
import dev.convene.optim.Adam;
import dev.convene.optim.Optimizer;
import dev.convene.optim.Sgd;
import dev.convene.optim.SparseAdam;
import dev.convene.optim.Step;
import dev.convene.shard.RowOrder;
import dev.convene.shard.Shard;
import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.JavaBLAS;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows of mostly zeros come to what the same rows with their zeros come to. */
class SparseRowsTrainingTest {
  private static final BLAS JAVA = JavaBLAS.getInstance();
  private static final int GROUPS = 5;
  private static final int CATEGORIES = 60;
  private static final int FEATURES = GROUPS * CATEGORIES;
  private static final int CLASSES = 3;
  private static final int BATCH = 16;
  private static final DenseNetwork MLP = Plan.classifier(FEATURES, List.of(7, 4), CLASSES, 0);

  static List<Arguments> waysToStep() {
    List<Optimizer> optimizers =
        List.of(
            Sgd.plain(),
            new Sgd(0.9, 0, true, 0.01),
            Adam.withDefaults(),
            new Adagrad(0.1, 0, 1e-10),
            new Adagrad(0.1, 0.01, 1e-10));
    List<StepConstraints> constraints =
        List.of(
            StepConstraints.NONE,
            new StepConstraints(0.001, 0, 0, 0, 0),
            new StepConstraints(0, 0.01, 0, 0, 0),
            new StepConstraints(0, 0, 0.05, 0, 0),
            new StepConstraints(0, 0, 0, 0.9, 0),
            new StepConstraints(0, 0, 0, 0, 0.7),
            new StepConstraints(0.001, 0.02, 0.1, 0.9, 0.7));
    return optimizers.stream()
        .flatMap(optimizer -> constraints.stream().map(each -> Arguments.of(optimizer, each)))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("waysToStep")
  void stepsAreThoseOfDenseRows(Optimizer optimizer, StepConstraints constraints) {
    assertStepsOfDenseRows(
        Plan.of(MLP, optimizer, 0.02).constraints(constraints).batchSize(BATCH), oneHot(150));
  }

  static Stream<DenseNetwork> networks() {
    return Stream.of(
        Plan.classifier(FEATURES, List.of(), CLASSES, 0),
        Plan.classifier(FEATURES, List.of(9), CLASSES, 0.3),
        DenseNetwork.of(
            FEATURES,
            List.of(8),
            CLASSES,
            Activation.TANH,
            new DropoutRates(0.4f, List.of(0.2f)),
            Loss.SOFTMAX_CROSS_ENTROPY));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void dropoutDropsTheSame(DenseNetwork network) {
    Plan plan = Plan.of(network, Sgd.plain(), 0.5).batchSize(BATCH).labelSmoothing(0.1);
    assertStepsOfDenseRows(plan, oneHot(150));
    assertStepsOfDenseRows(plan, oneHot(150).weighted(weights(150)));
  }

  /** Of which 1,024 go through at a time. */
  @ParameterizedTest
  @ValueSource(ints = {1024, 1025, 2500})
  void aFullBatchInPartsIsOneStep(int rows) {
    Plan plan = Plan.of(MLP, new Adagrad(0, 0, 1e-10), 0.02);
    assertStepsOfDenseRows(plan, oneHot(rows));
  }

  private static void assertStepsOfDenseRows(Plan plan, InMemoryRows rows) {
    Shard shard = rows.roundRobin(1, 40).get(0);
    assertThat(shard.isSparse()).isTrue();
    DenseNetwork network = plan.training().network();
    TrainingState start = plan.initialState(Initializer.XAVIER.initialParameters(network, 3));
    int minibatches = plan.plan().minibatches().perEpoch(rows.count(), 0);
    Round epoch = Plan.round(1, 1, 0, minibatches, minibatches);

    Contribution found = plan.worker(JAVA).train(epoch, start, shard, 0);

    Contribution expected = ofDenseRows(plan, epoch, start, shard);
    assertClose(
        "loss", found.report().sums().lossSum(), expected.report().sums().lossSum(), 1e-5, 0);
    assertThat(found.report().sums().correct()).isEqualTo(expected.report().sums().correct());
    assertClose(
        "parameters", found.state().parameters(), expected.state().parameters(), 1e-4, 1e-5);
    for (int i = 0; i < start.optimizerStates().length; i++) {
      assertClose(
          "state " + i,
          found.state().optimizerStates()[i],
          expected.state().optimizerStates()[i],
          1e-4,
          1e-6);
    }
    assertThat(found.state().parameters()).isNotEqualTo(start.parameters());
  }

  /** The steps of a round, unshuffled, with all zeros of the rows. */
  private static Contribution ofDenseRows(
      Plan plan, Round round, TrainingState start, Shard shard) {
    DenseTraining training = plan.training();
    Minibatches minibatches = plan.plan().minibatches();
    TrainingState state = start.copy();
    int rows = shard.rows();
    Backpropagation backpropagation =
        new Backpropagation(training.network(), training.labelSmoothing(), rows, false, JAVA);
    RowOrder order = RowOrder.unshuffled(shard);
    RowBuffer batch = RowBuffer.of(rows, training.network());
    for (int minibatch = 0; minibatch < round.endMinibatch(); minibatch++) {
      int from = minibatches.firstRow(minibatch, 0);
      int size = minibatches.size(rows, minibatch, 0);
      order.copy(from, size, batch);
      Step step = round.step(minibatch);
      backpropagation.propagate(
          state.parameters(),
          batch,
          size,
          0,
          size,
          order.weight(from, size),
          RandomStream.of(plan.plan().seed(), Purpose.DROPOUT, round.epoch(), 0, minibatch),
          new ParameterUpdate(training, state, step, training.schedule().rate(step)));
    }
    LossSum sums =
        new LossSum(
            backpropagation.lossSum(), backpropagation.correct(), order.weight(0, rows), rows);
    return Contribution.of(state, sums, LossSum.NONE, new float[0]);
  }

  @Test
  void lossAndGradientOfAllRowsAreThoseOfDenseRows() {
    int rows = 1500;
    Shard shard = oneHot(rows).weighted(weights(rows)).roundRobin(1, 40).get(0);
    float[] parameters = Initializer.XAVIER.initialParameters(MLP, 3);
    float[] expected = new float[parameters.length];
    RowBuffer batch = RowBuffer.of(rows, MLP);
    RowOrder order = RowOrder.unshuffled(shard);
    order.copy(0, rows, batch);
    Backpropagation dense = new Backpropagation(MLP, rows, JAVA);
    dense.propagate(
        parameters,
        batch,
        rows,
        0,
        rows,
        order.weight(0, rows),
        RandomStream.of(0, Purpose.DROPOUT),
        (gradient, offset, length) -> System.arraycopy(gradient, offset, expected, offset, length));

    Contribution found = ShardGradient.of(MLP, parameters, shard, JAVA);
    ValidationSum validation =
        ShardValidation.of(MLP, ValidationMetric.LOSS, parameters, shard, JAVA);

    assertClose("gradient", found.state().parameters(), expected, 1e-4, 1e-7);
    assertClose("loss", found.report().sums().lossSum(), dense.lossSum(), 1e-5, 0);
    assertClose("validation", validation.losses().lossSum(), dense.lossSum(), 1e-5, 0);
    assertThat(validation.losses().correct()).isEqualTo(dense.correct());
  }

  /** Not more than one number of 32 is another than 0, whatever form a block has them in. */
  @Test
  void sparseIsAShardOfFewNonZeros() {
    float[] x = new float[64 * 10];
    for (int i = 0; i < 20; i++) {
      x[i] = i + 1;
    }
    assertThat(new InMemoryRows(64, x, new float[10]).roundRobin(1, 1).get(0).isSparse()).isTrue();
    x[639] = -1;
    assertThat(new InMemoryRows(64, x, new float[10]).roundRobin(1, 1).get(0).isSparse()).isFalse();
  }

  /** A first step of Adam is the rate, and with nothing to tell sides apart each of two does it. */
  @Test
  void whatOneOfTwoWorkersTouchesMovesByItsShare() {
    float[] x = new float[2 * 4];
    x[1] = 1;
    x[4 + 2] = 1;
    InMemoryRows rows = new InMemoryRows(4, x, new float[] {1, 1}).weighted(new float[] {3, 1});
    Plan plan = Plan.of(Plan.linearRegression(4), new SparseAdam(0.9, 0.999, 1e-8), 0.5);
    List<Contribution> contributions =
        IntStream.range(0, 2)
            .mapToObj(
                worker ->
                    plan.worker(JAVA)
                        .train(
                            Plan.round(1, 1, 0, 1, 1),
                            plan.initialState(new float[5]),
                            rows.roundRobin(2, 1).get(worker),
                            worker))
            .toList();

    TrainingState average = TrainedRound.of(contributions).mean();

    assertClose(
        "parameters", average.parameters(), new float[] {0, 0.375f, 0.125f, 0, 0.5f}, 1e-6, 0);
    // Gradients are 2 (0 - 1).
    assertClose(
        "means", average.optimizerStates()[0], new float[] {0, -0.15f, -0.05f, 0, -0.2f}, 1e-6, 0);
  }

  @Test
  void sparseAdamLeavesWhatIsNotTouchedAlsoWhereRowsAreDense() {
    // Two rows, a minibatch each: the second step touches inputs 1 and 2 alone.
    float[] x = {1, 2, 0, 0, -1, 3};
    Plan plan =
        Plan.of(Plan.linearRegression(3), new SparseAdam(0.9, 0.999, 1e-8), 0.5).batchSize(1);
    Shard shard = new InMemoryRows(3, x, new float[] {1, 1}).oneShard().get(0);
    assertThat(shard.isSparse()).isFalse();
    TrainingState start = plan.initialState(new float[] {1, 1, 1, 1});

    TrainingState first =
        plan.worker(JAVA).train(Plan.round(1, 1, 0, 1, 2), start, shard, 0).state();
    TrainingState second =
        plan.worker(JAVA).train(Plan.round(1, 2, 1, 2, 2), first, shard, 0).state();

    assertClose("first", first.parameters(), new float[] {0.5f, 0.5f, 1, 0.5f}, 1e-6, 0);
    assertThat(second.parameters()[0]).isEqualTo(first.parameters()[0]);
    assertThat(second.optimizerStates()[0][0]).isEqualTo(first.optimizerStates()[0][0]);
    assertThat(second.optimizerStates()[1][0]).isEqualTo(first.optimizerStates()[1][0]);
    for (int i = 1; i < 4; i++) {
      assertThat(second.parameters()[i]).isNotEqualTo(first.parameters()[i]);
      assertThat(second.optimizerStates()[1][i]).isNotEqualTo(first.optimizerStates()[1][i]);
    }
  }

  /** A category of each group is 1; one of the classes, equally likely whatever they are. */
  private static InMemoryRows oneHot(int rows) {
    RandomStream random = RandomStream.of(rows, Purpose.INITIAL_PARAMETERS);
    float[] x = new float[rows * FEATURES];
    float[] y = new float[rows];
    for (int row = 0; row < rows; row++) {
      for (int group = 0; group < GROUPS; group++) {
        x[row * FEATURES + group * CATEGORIES + random.nextInt(CATEGORIES)] = 1;
      }
      y[row] = random.nextInt(CLASSES);
    }
    return new InMemoryRows(FEATURES, x, y);
  }

  private static float[] weights(int rows) {
    float[] weights = new float[rows];
    for (int row = 0; row < rows; row++) {
      weights[row] = row % 4 * 0.5f;
    }
    return weights;
  }
}
