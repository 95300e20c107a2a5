package dev.convene.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AveragingTest {
  private static final float[][] NO_STATES = {};
  private static final TrainingState BEFORE = new TrainingState(new float[] {-7}, NO_STATES);

  @Test
  void weighsWorkersByTheirRows() {
    TrainingState average =
        average(
            BEFORE,
            List.of(
                contribution(30, new float[] {1, -2, 0}, NO_STATES),
                contribution(10, new float[] {5, 6, 8}, NO_STATES)));

    assertThat(average.parameters()).containsExactly(2, 0, 2);
    assertThat(average.optimizerStates()).isEmpty();
  }

  @Test
  void averagesWhatTheOptimizerRemembersAlike() {
    TrainingState average =
        average(
            BEFORE,
            List.of(
                contribution(1, new float[] {0}, new float[][] {{4}, {100}}),
                contribution(3, new float[] {0}, new float[][] {{8}, {500}})));

    assertThat(average.optimizerStates()).isDeepEqualTo(new float[][] {{7}, {400}});
  }

  @Test
  void weighsByTheRowsWeightsNotTheirNumber() {
    LossSum lightRows = new LossSum(0, 0, 0.5, 1000);
    LossSum heavyRow = new LossSum(0, 0, 1.5, 1);

    TrainingState average =
        average(
            BEFORE,
            List.of(
                contribution(new TrainingState(new float[] {4}, NO_STATES), lightRows),
                contribution(new TrainingState(new float[] {8}, NO_STATES), heavyRow)));

    assertThat(average.parameters()).containsExactly(7);
  }

  @Test
  void keepsTheStateIfNobodyHasWeight() {
    Contribution weightless =
        contribution(new TrainingState(new float[] {1}, NO_STATES), new LossSum(0, 0, 0, 5));

    assertThat(average(BEFORE, List.of(contribution(null, LossSum.NONE), weightless)))
        .isSameAs(BEFORE);
  }

  @Test
  void leavesOutAWorkerThatHadNoRows() {
    TrainingState average =
        average(
            BEFORE,
            List.of(
                contribution(2, new float[] {1}, NO_STATES),
                contribution(null, LossSum.NONE),
                contribution(2, new float[] {2}, NO_STATES)));

    assertThat(average.parameters()).containsExactly(1.5f);
  }

  @Test
  void keepsTheStateOfTheOnlyWorkerWithRows() {
    TrainingState only = new TrainingState(new float[] {0.1f}, new float[][] {{-0f}});

    assertThat(
            average(
                BEFORE,
                List.of(
                    contribution(null, LossSum.NONE), contribution(only, new LossSum(1, 0, 3, 3)))))
        .isSameAs(only);
  }

  @Test
  void keepsEqualStatesBitForBit() {
    float[] parameters = {0.1f, -Float.MIN_VALUE, Float.MAX_VALUE, 1f / 3, 16_777_215f};
    for (int[] rows : new int[][] {{1, 2}, {7, 11, 13}, {60_000, 60_001, 59_999, 1}}) {
      List<Contribution> equal =
          IntStream.of(rows)
              .mapToObj(
                  weight -> contribution(weight, parameters.clone(), new float[][] {parameters}))
              .toList();

      TrainingState average = average(BEFORE, equal);

      assertThat(average.parameters()).isEqualTo(parameters);
      assertThat(average.optimizerStates()[0]).isEqualTo(parameters);
    }
  }

  @Test
  void roundsOnce() {
    // In float32 arithmetic 2^24 + 1 + 1 would be 2^24; a third of the sum is exact.
    TrainingState average =
        average(
            BEFORE,
            List.of(
                contribution(1, new float[] {0x1p24f}, NO_STATES),
                contribution(1, new float[] {1}, NO_STATES),
                contribution(1, new float[] {1}, NO_STATES)));

    assertThat(average.parameters()).containsExactly((0x1p24f + 2) / 3);
  }

  @Test
  void sumsLosses() {
    LossSum total =
        LossSum.total(
            List.of(
                new LossSum(3, 2, 4, 5), LossSum.NONE, new LossSum(1.5, 1, 2, 1), LossSum.NONE));

    assertThat(total).isEqualTo(new LossSum(4.5, 3, 6, 6));
    assertThat(total.loss()).isEqualTo(0.75);
    assertThat(total.accuracy()).isEqualTo(0.5);
    assertThat(LossSum.total(List.of())).isEqualTo(LossSum.NONE);
  }

  @Test
  void asksTheAveragerForThoseWhoHaveWeightAndKeepsItsMemory() {
    Averaging averaging = new Averaging(1, new SlowMomentum(0.5));
    Averaged start = averaging.initial(new TrainingState(new float[] {8}, NO_STATES));
    assertThat(start.memory()).containsExactly(new float[] {0});

    // Averages 4 and 0: momenta 8 - 4, then 0.5 * 4 + 4 - 0.
    Averaged first =
        averaging.after(
            start,
            List.of(
                contribution(1, new float[] {3}, NO_STATES),
                contribution(1, new float[] {5}, NO_STATES),
                contribution(null, LossSum.NONE)));
    Averaged second =
        averaging.after(
            first,
            List.of(contribution(null, LossSum.NONE), contribution(1, new float[] {0}, NO_STATES)));

    assertThat(first.state().parameters()).containsExactly(4);
    assertThat(first.memory()).containsExactly(new float[] {4});
    assertThat(second.state().parameters()).containsExactly(-2);
    assertThat(second.memory()).containsExactly(new float[] {6});
    assertThat(start.memory()).as("what was remembered before").containsExactly(new float[] {0});
  }

  @Test
  void doesNotAskTheAveragerForOneWorkerOrNobodysWeight() {
    Averaging averaging = new Averaging(1, new SlowMomentum(0.5));
    Averaged start = averaging.initial(BEFORE);
    Contribution only = contribution(1, new float[] {3}, NO_STATES);

    Averaged one = averaging.after(start, List.of(only));

    assertThat(one.state()).isSameAs(only.state());
    assertThat(one.memory()).containsExactly(new float[] {0});
    Contribution none = contribution(null, LossSum.NONE);
    assertThat(averaging.after(start, List.of(none, none))).isEqualTo(start);
  }

  private static Contribution contribution(double weight, float[] parameters, float[][] states) {
    return contribution(new TrainingState(parameters, states), new LossSum(0, 0, weight, 1));
  }

  private static TrainingState average(TrainingState before, List<Contribution> contributions) {
    return Averaging.weighted(1).after(new Averaged(before, List.of()), contributions).state();
  }

  private static Contribution contribution(TrainingState state, LossSum sums) {
    return new Contribution(state, sums, LossSum.NONE, new float[0]);
  }
}
