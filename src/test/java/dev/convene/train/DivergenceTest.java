package dev.convene.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.optim.Sgd;
import dev.convene.shard.Shard;
import dev.ludovic.netlib.blas.JavaBLAS;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DivergenceTest {
  private static final String ADVICE =
      ". Try a smaller learning rate, or scale the features; on-divergence = continue would go on";

  /**
   * One row, feature and target 1, parameters from 0: a step of rate r multiplies the error by 1 -
   * 4 r, here -40, and so the loss by 1600.
   */
  private static final double RATE = 10.25;

  @Test
  void anInfiniteLossNamesEpochRoundAndWorker() {
    // One feature, weight 2: the third row of the second shard overflows float32.
    InMemoryRows rows = new InMemoryRows(1, new float[] {1, 1, 1, 1, 1, 3e38f, 1, 1}, new float[8]);

    assertStops(
        Plan.of(Plan.linearRegression(1), Sgd.plain(), 0.001).batchSize(1).averagingPeriod(1),
        rows.roundRobin(2, 8),
        new float[] {2, 0},
        "training diverged in epoch 1, round 3: worker 1 has a loss or parameters that are not"
            + " finite, at learning rate 0.001"
            + ADVICE);
  }

  @Test
  void parametersThatAreNotFiniteAreSeenBeforeTheirLossIs() {
    // The loss is (0 - 1)^2, its gradient -2, and the step's end 2 * 3e38.
    assertStops(
        Plan.of(Plan.linearRegression(1), Sgd.plain(), 3e38),
        new InMemoryRows(1, new float[] {1}, new float[] {1}).oneShard(),
        new float[] {0, 0},
        "training diverged in epoch 1, round 1: worker 0 has a loss or parameters that are not"
            + " finite, at learning rate 3.0E38"
            + ADVICE);
  }

  @Test
  void notANumberIsSeen() {
    assertStops(
        Plan.of(Plan.linearRegression(1), Sgd.plain(), 0.1),
        new InMemoryRows(1, new float[] {1}, new float[] {1}).oneShard(),
        new float[] {Float.NaN, 0},
        "training diverged in epoch 1, round 1: worker 0 has a loss or parameters that are not"
            + " finite, at learning rate 0.1"
            + ADVICE);
  }

  @Test
  void aLossFarAboveTheFirstEpochsStops() {
    assertStops(
        Plan.of(Plan.linearRegression(1), Sgd.plain(), RATE).epochs(9),
        new InMemoryRows(1, new float[] {1}, new float[] {1}).oneShard(),
        new float[] {0, 0},
        "training diverged in epoch 2, round 1: worker 0 has a training loss of 1600.00, more than"
            + " 1000.0 times the first epoch's 1.00000, at learning rate 10.25"
            + ADVICE);
  }

  @Test
  void aLossAtTheLimitGoesOn() {
    // Errors by -31: losses 1, 961, 923521.
    assertStops(
        Plan.of(Plan.linearRegression(1), Sgd.plain(), 8).epochs(9),
        new InMemoryRows(1, new float[] {1}, new float[] {1}).oneShard(),
        new float[] {0, 0},
        "training diverged in epoch 3, round 1: worker 0 has a training loss of 923521, more than"
            + " 1000.0 times the first epoch's 1.00000, at learning rate 8.0"
            + ADVICE);
  }

  @Test
  void continuesIfAskedAndWarnsOnce() {
    List<String> warnings = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void warn(String message) {
            warnings.add(message);
          }
        };
    // After 25 epochs float32 has overflowed.
    Plan plan =
        Plan.of(Plan.linearRegression(1), Sgd.plain(), RATE).epochs(40).continueOnDivergence();

    TrainingResult result =
        loop(plan, new InMemoryRows(1, new float[] {1}, new float[] {1}).oneShard(), listener)
            .run(new float[] {0, 0});

    assertThat(warnings)
        .containsExactly(
            "training diverged in epoch 2, round 1: worker 0 has a training loss of 1600.00, more"
                + " than 1000.0 times the first epoch's 1.00000, at learning rate 10.25"
                + ADVICE);
    assertThat(result.history()).hasSize(40);
    assertThat(result.history().get(1).trainLoss()).isEqualTo(1600);
    assertThat(result.history().get(2).trainLoss()).isEqualTo(1600.0 * 1600);
    assertThat(result.parameters()[0]).isNaN();
  }

  /** The error is multiplied by -40 in each of 20 steps: the epoch's mean says nothing. */
  @Test
  void anExplosionInsideTheFirstEpochIsSeen() {
    float[] ones = new float[20];
    Arrays.fill(ones, 1);
    assertStops(
        Plan.of(Plan.linearRegression(1), Sgd.plain(), RATE).batchSize(1),
        new InMemoryRows(1, ones, ones).oneShard(),
        new float[] {0, 0},
        // The fifth smallest of 10 is that of the fifth minibatch: 1600^4.
        "training diverged in epoch 1, round 1: worker 0 has a training loss of 6.55360e+12, the"
            + " median of 10 minibatches, more than 1000.0 times the initial 1.00000, at learning"
            + " rate 10.25"
            + ADVICE);
  }

  @Test
  void roundsAreTooShortToJudgeAMinibatchAlone() {
    float[] ones = new float[40];
    Arrays.fill(ones, 1);
    assertStops(
        Plan.of(Plan.linearRegression(1), Sgd.plain(), RATE).batchSize(1).averagingPeriod(2),
        new InMemoryRows(1, ones, ones).roundRobin(2, 10),
        new float[] {0, 0},
        // Two workers' two minibatches a round, both the same: five pairs are two rounds and a
        // half.
        "training diverged in epoch 1, round 3: worker 0 has a training loss of 2.56000e+06, the"
            + " median of 10 minibatches, more than 1000.0 times the initial 1.00000, at learning"
            + " rate 10.25"
            + ADVICE);
  }

  /** One row in ten has a target of 1e4: its loss is 1e8, that of others 1 to begin with. */
  @Test
  void exceptionalRowsAreNoExplosion() {
    float[] x = new float[3000];
    float[] targets = new float[3000];
    Arrays.fill(targets, 1);
    for (int i = 1030; i < targets.length; i += 10) {
      targets[i] = 1e4f;
    }
    TrainingResult result =
        loop(
                Plan.of(Plan.linearRegression(1), Sgd.plain(), 1e-9).batchSize(1),
                new InMemoryRows(1, x, targets).oneShard(),
                TrainingListener.NONE)
            .run(new float[2]);

    assertThat(result.history().get(0).trainLoss()).isGreaterThan(1e6);
  }

  private static List<String> warnings(Plan plan) {
    List<String> warnings = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void warn(String message) {
            warnings.add(message);
          }
        };
    loop(plan, new InMemoryRows(1, new float[] {1}, new float[] {1}).oneShard(), listener)
        .run(new float[2]);
    return warnings;
  }

  @Test
  void aLossThatDoesNotMoveLooksLikeATooSmallRate() {
    Plan still = Plan.of(Plan.linearRegression(1), Sgd.plain(), 1e-10).epochs(9);
    Plan moving = Plan.of(Plan.linearRegression(1), Sgd.plain(), 1e-2).epochs(9);
    Plan warming =
        Plan.of(Plan.linearRegression(1), Sgd.plain(), new WarmDecay(1e-10, 1, 5)).epochs(9);

    assertThat(warnings(still))
        .containsExactly(
            "the training loss has hardly moved in 3 epochs, from 1.00000 to 1.00000, at learning"
                + " rate 1.0E-10: it looks too small; try 10 times as much");
    assertThat(warnings(moving)).isEmpty();
    assertThat(warnings(warming)).isEmpty();
  }

  /** The first step ends at 2e38 twice, whose sum no float32 holds. */
  private static final double HOPELESS = 1e38;

  private static TrainingResult stoppingEarly(double rate, TrainingListener listener) {
    Plan plan =
        Plan.of(Plan.linearRegression(1), Sgd.plain(), rate)
            .epochs(40)
            .patience(3, 0)
            .continueOnDivergence();
    List<Shard> row = new InMemoryRows(1, new float[] {1}, new float[] {1}).oneShard();
    return plan.loop(plan.workers(JavaBLAS.getInstance(), row, row), listener)
        .run(new float[] {0, 0});
  }

  @Test
  void withoutAFiniteEpochEarlyStoppingKeepsNone() {
    assertThatThrownBy(() -> stoppingEarly(HOPELESS, TrainingListener.NONE))
        .isInstanceOfSatisfying(
            ConveneException.class,
            failure -> assertThat(failure.status()).isEqualTo(ExitStatus.DIVERGED))
        .hasMessage(
            "training diverged at learning rate 1.0E38: none of its 3 epochs has a finite validation"
                + " loss, so early stopping has none to keep. Try a smaller learning rate, or scale"
                + " the features");
  }

  @Test
  void earlyStoppingKeepsTheBestFiniteEpochAndADivergenceIsReported() {
    List<String> warnings = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void warn(String message) {
            warnings.add(message);
          }
        };

    TrainingResult result = stoppingEarly(RATE, listener);

    // Of the first epoch, whose validation loss is 1600: 2 * 10.25 each.
    assertThat(result.parameters()).containsExactly(20.5f, 20.5f);
    assertThat(result.history()).hasSize(4);
    assertThat(warnings).hasSize(1);
  }

  @Test
  void parametersThatAreNotFiniteAreNeverTheBest() {
    EarlyStopping stopping = new EarlyStopping(ValidationMetric.LOSS, 3, 0);
    EarlyStopping.Best before = stopping.initial(new float[2]);

    assertThat(stopping.after(before, 1, 0.25, new float[] {1, Float.POSITIVE_INFINITY}))
        .isSameAs(before);
    assertThat(stopping.after(before, 1, 0.25, new float[] {1, Float.NaN})).isSameAs(before);
    assertThat(stopping.after(before, 1, 0.25, new float[] {1, 2}).epoch()).isEqualTo(1);
  }

  private static void assertStops(
      Plan plan, List<Shard> shards, float[] parameters, String message) {
    float[] before = parameters.clone();
    assertThatThrownBy(() -> loop(plan, shards, TrainingListener.NONE).run(parameters))
        .isInstanceOfSatisfying(
            ConveneException.class,
            failure -> assertThat(failure.status()).isEqualTo(ExitStatus.DIVERGED))
        .hasMessage(message);
    assertThat(Arrays.equals(parameters, before)).isTrue();
  }

  private static TrainingLoop loop(Plan plan, List<Shard> shards, TrainingListener listener) {
    return plan.loop(plan.workers(JavaBLAS.getInstance(), shards), listener);
  }
}
