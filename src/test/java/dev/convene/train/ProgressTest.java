package dev.convene.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.ConveneException;
import dev.convene.blas.BlasChoice;
import dev.convene.blas.NativeBlas;
import dev.convene.optim.Adam;
import dev.convene.optim.Plateau;
import dev.convene.optim.Sgd;
import dev.ludovic.netlib.blas.BLAS;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A training that stops and goes on from its progress is the one that never stopped. */
class ProgressTest {
  private static final BLAS NATIVE = NativeBlas.load(BlasChoice.DEFAULT).blas();

  /** A schedule and a plateau, an averager with a memory, constraints with an average, dropout. */
  private static Plan everything() {
    return Plan.of(
            Plan.classifier(5, List.of(8, 6), 3, 0.3),
            Adam.withDefaults(),
            new WarmDecay(0.05, 0.9, 5))
        .batchSize(6)
        .shuffle()
        .averaging(new Averaging(AveragingPeriod.fixed(2), new BlockMomentum(0.5, 1)))
        .constraints(new StepConstraints(1e-4, 0, 1, 2, 0.9))
        .plateau(new Plateau(0.05, 0.5, 0, 0, true, 1, 0, true))
        .epochs(8);
  }

  private static TrainingLoop loop(Plan plan, TrainingListener listener) {
    return plan.loop(
        plan.workers(
            NATIVE,
            InMemoryRows.random(50, 5, 3, 1).roundRobin(3, 16),
            InMemoryRows.random(20, 5, 3, 2).oneShard()),
        listener);
  }

  private static Progress start(Plan plan) {
    Learner learner = plan.learner();
    return Progress.initial(plan.plan(), learner, learner.initialParameters(3));
  }

  /** The progress after so many epochs, and nothing else of the loop that made them. */
  private static Progress after(Plan plan, int epochs) {
    TrainingLoop loop = loop(plan, TrainingListener.NONE);
    Progress progress = start(plan);
    for (int epoch = 1; epoch <= epochs; epoch++) {
      progress = loop.epoch(progress);
    }
    return progress;
  }

  @Test
  void aNewLoopGoesOnWithTheSameBitsWhereverTrainingStopped() {
    TrainingResult atOnce = loop(everything(), TrainingListener.NONE).run(start(everything()));

    assertThat(atOnce.history()).hasSize(8);
    for (int stop = 0; stop <= 8; stop++) {
      TrainingResult resumed =
          loop(everything(), TrainingListener.NONE).run(after(everything(), stop));
      assertSame(resumed, atOnce);
    }
  }

  @Test
  void aNewLoopGoesOnWithTheSameBitsInTheMiddleOfAnEpoch() {
    List<Progress> reported = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void progressed(Progress progress) {
            reported.add(progress);
          }
        };
    TrainingResult atOnce = loop(everything(), listener).run(start(everything()));

    // 17 rows of a worker are 3 minibatches of 6: 2 rounds an epoch.
    assertThat(reported).hasSize(16);
    assertThat(reported.get(4).epoch()).isEqualTo(2);
    assertThat(reported.get(4).partial().rounds()).isEqualTo(1);
    assertThat(reported.get(4).partial().training().rows()).isEqualTo(36);
    for (Progress progress : reported) {
      assertSame(loop(everything(), TrainingListener.NONE).run(progress), atOnce);
    }
  }

  @Test
  void earlyStoppingRemembersTheBestEpoch() {
    // Targets are random: validation gets worse before long.
    Plan plan = everything().epochs(60).patience(4, 0);
    TrainingResult atOnce = loop(plan, TrainingListener.NONE).run(start(plan));
    int last = atOnce.history().size();
    assertThat(last).isBetween(5, 59);

    for (int stop : new int[] {1, last - 4, last - 1, last}) {
      Progress progress = after(plan, stop);
      assertThat(progress.best().epoch()).isEqualTo(Math.min(stop, last - 4));
      assertSame(loop(plan, TrainingListener.NONE).run(progress), atOnce);
    }
  }

  @Test
  void anEpochChangesNothingOfTheProgressItBeganWith() {
    Progress before = after(everything(), 2);
    float[] parameters = before.averaged().state().parameters().clone();
    float[][] states = before.averaged().state().copy().optimizerStates();
    float[] memory = before.averaged().memory().get(0).clone();

    Progress once = loop(everything(), TrainingListener.NONE).epoch(before);
    Progress again = loop(everything(), TrainingListener.NONE).epoch(before);

    assertThat(before.epoch()).isEqualTo(2);
    assertThat(before.history()).hasSize(2);
    assertThat(before.averaged().state().parameters()).isEqualTo(parameters);
    assertThat(before.averaged().state().optimizerStates()).isDeepEqualTo(states);
    assertThat(before.averaged().memory().get(0)).isEqualTo(memory);
    assertThat(memory).isNotEqualTo(new float[memory.length]);
    assertThat(again.averaged().state().parameters())
        .isEqualTo(once.averaged().state().parameters());
  }

  /** As in DivergenceTest: losses 1, 1600, 1600 * 1600, ... */
  private static Plan diverging() {
    return Plan.of(Plan.linearRegression(1), Sgd.plain(), 10.25).epochs(4);
  }

  private static TrainingLoop divergingLoop(Plan plan, TrainingListener listener) {
    InMemoryRows row = new InMemoryRows(1, new float[] {1}, new float[] {1});
    return plan.loop(plan.workers(NATIVE, row.oneShard()), listener);
  }

  @Test
  void theFirstEpochsLossIsRemembered() {
    Plan plan = diverging();
    Progress first =
        divergingLoop(plan, TrainingListener.NONE)
            .epoch(Progress.initial(plan.plan(), plan.learner(), new float[2]));

    assertThat(first.divergence().firstLoss()).isEqualTo(1);
    assertThatThrownBy(() -> divergingLoop(plan, TrainingListener.NONE).run(first))
        .isInstanceOf(ConveneException.class)
        .hasMessageStartingWith(
            "training diverged in epoch 2, round 1: worker 0 has a training loss of 1600.00");
  }

  @Test
  void aDivergenceIsReportedOnce() {
    Plan plan = diverging().continueOnDivergence();
    List<String> warnings = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void warn(String message) {
            warnings.add(message);
          }
        };
    Progress progress = Progress.initial(plan.plan(), plan.learner(), new float[2]);
    for (int epoch = 1; epoch <= 4; epoch++) {
      progress = divergingLoop(plan, listener).epoch(progress);
    }

    assertThat(warnings).hasSize(1);
    assertThat(progress.history()).hasSize(4);
    assertThat(divergingLoop(plan, listener).isFinished(progress)).isTrue();
  }

  private static void assertSame(TrainingResult actual, TrainingResult expected) {
    assertThat(actual.parameters()).isEqualTo(expected.parameters());
    assertThat(actual.history())
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("seconds")
        .isEqualTo(expected.history());
  }
}
