package dev.convene.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convene.GoldenNumbers;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.Initializer;
import dev.convene.nn.Network;
import dev.convene.optim.Lbfgs;
import dev.convene.optim.LineSearch;
import dev.convene.optim.Sgd;
import dev.convene.shard.Shard;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** L-BFGS against PyTorch's cost, and against what its definition promises. */
class LbfgsTest {
  private static final JsonNode GOLDEN = GoldenNumbers.read("optimizers");

  private record Looping(RoundTask task, Network network, List<Shard> shards) implements Workers {
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

  private static TrainingLoop loop(
      DenseNetwork network, int historySize, int epochs, List<Shard> shards) {
    LbfgsLearner learner = new LbfgsLearner(network, Initializer.XAVIER, new Lbfgs(historySize, 1));
    TrainingPlan plan = Plan.of(network, Sgd.plain(), 1).epochs(epochs).plan();
    return new TrainingLoop(
        plan, learner, new Looping(learner.task(plan), network, shards), TrainingListener.NONE);
  }

  /**
   * A step of PyTorch's has 20 iterations: the same fall, as far as float32 shows it. In the end
   * its parameters are 1e4, where the loss is known to 1e-4 only: which one it comes to is chance.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void comesToPyTorchsCost(int workers) {
    JsonNode golden =
        StreamSupport.stream(GOLDEN.get("cases").spliterator(), false)
            .filter(it -> it.get("optimizer").textValue().equals("lbfgs"))
            .findFirst()
            .orElseThrow();
    double[] costs = GoldenNumbers.doubles(golden.get("costBeforeStep"));
    InMemoryRows rows =
        new InMemoryRows(
            4, GoldenNumbers.floats(GOLDEN.get("x")), GoldenNumbers.floats(GOLDEN.get("y")));

    TrainingResult result =
        loop(Plan.classifier(4, List.of(6), 3, 0), 100, 600, rows.roundRobin(workers, 64))
            .run(GoldenNumbers.floats(golden.get("initialParameters")));

    List<EpochRecord> history = result.history();
    assertThat(history.get(0).trainLoss()).isCloseTo(costs[0], within(1e-6));
    for (int step : new int[] {1, 2, 3}) {
      assertThat(history.get(20 * step).trainLoss()).isLessThan(1.05 * costs[step]);
    }
    assertThat(history.get(history.size() - 1).trainLoss())
        .isLessThan(1.12 * costs[costs.length - 1]);
    assertThat(history)
        .extracting(EpochRecord::trainLoss)
        .isSortedAccordingTo((a, b) -> Double.compare(b, a));
  }

  /** A quadratic of two dimensions: exact after a few steps, and then there is an end. */
  @Test
  void aQuadraticConvergesAndEnds() {
    float[] x = {0, 1, 2, 3};
    float[] y = {1, 3, 5, 7};

    TrainingResult result =
        loop(Plan.linearRegression(1), 5, 100, new InMemoryRows(1, x, y).oneShard())
            .run(new float[2]);

    assertThat(result.end().cause()).isEqualTo(TrainingEnd.Cause.CONVERGED);
    assertThat(result.history().size()).isLessThan(20);
    assertThat(result.parameters()[0]).isCloseTo(2, within(1e-4f));
    assertThat(result.parameters()[1]).isCloseTo(1, within(1e-4f));
  }

  @Test
  void aResumedTrainingIsTheOneThatNeverStopped() {
    List<Shard> shards = InMemoryRows.random(60, 5, 3, 1).roundRobin(2, 16);
    DenseNetwork network = Plan.classifier(5, List.of(4), 3, 0);
    float[] start = Initializer.XAVIER.initialParameters(network, 1);
    TrainingResult atOnce = loop(network, 3, 12, shards).run(start);

    for (int stop = 1; stop < 12; stop += 5) {
      LbfgsLearner learner = new LbfgsLearner(network, Initializer.XAVIER, new Lbfgs(3, 1));
      TrainingPlan plan = Plan.of(network, Sgd.plain(), 1).epochs(12).plan();
      TrainingLoop first = loop(network, 3, 12, shards);
      Progress progress = Progress.initial(plan, learner, start);
      for (int epoch = 0; epoch < stop; epoch++) {
        progress = first.epoch(progress);
      }
      assertThat(loop(network, 3, 12, shards).run(progress).parameters())
          .isEqualTo(atOnce.parameters());
    }
  }

  /** Value (t - 3)^4 - 81 has slope 4 (t - 3)^3. */
  @Test
  void aLineSearchEndsWhereTheWolfeConditionsHold() {
    for (double first : new double[] {1e-6, 0.01, 1, 5, 100, 1e9}) {
      LineSearch.Point found =
          LineSearch.minimize(
              t -> new LineSearch.Point(t, Math.pow(t - 3, 4), 4 * Math.pow(t - 3, 3)),
              new LineSearch.Point(0, 81, -108),
              first);

      assertThat(found.value()).isLessThanOrEqualTo(81 - 1e-4 * 108 * found.length());
      assertThat(Math.abs(found.slope())).isLessThanOrEqualTo(0.9 * 108);
      assertThat(found.length()).isPositive();
    }
  }

  @Test
  void whereNothingIsBetterTheStartIsTheBest() {
    LineSearch.Point start = new LineSearch.Point(0, 1, -1e-9);
    assertThat(LineSearch.minimize(t -> new LineSearch.Point(t, 1 + t, 1), start, 1))
        .isSameAs(start);
    assertThat(LineSearch.minimize(t -> new LineSearch.Point(t, Double.NaN, Double.NaN), start, 1))
        .isSameAs(start);
  }
}
