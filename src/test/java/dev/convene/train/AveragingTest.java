package dev.convene.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
  void blockMomentumStepsBeyondTheMeanAndKeepsTheModelBehindItsLookAhead() {
    Averaging averaging = new Averaging(AveragingPeriod.fixed(1), new BlockMomentum(0.5, 1));
    Averaged start =
        averaging.averager().initial(new TrainingState(new float[] {8}, new float[][] {{1}}));

    // The mean is 4: momentum 4 - 8 = -4, model 8 - 4 = 4, look-ahead 4 - 0.5 * 4 = 2.
    Averaged first =
        after(
            averaging,
            start,
            contribution(1, new float[] {3}, new float[][] {{2}}),
            contribution(1, new float[] {5}, new float[][] {{4}}));
    // The mean is 0: momentum 0.5 * -4 + (0 - 2) = -4, model 4 - 4 = 0, look-ahead -2.
    Averaged second =
        after(
            averaging,
            first,
            contribution(null, LossSum.NONE),
            contribution(1, new float[] {0}, new float[][] {{7}}));

    assertThat(first.state().parameters()).containsExactly(2);
    assertThat(first.memory()).containsExactly(new float[] {4}, new float[] {-4});
    assertThat(first.state().optimizerStates()).isDeepEqualTo(new float[][] {{3}});
    assertThat(second.state().parameters()).containsExactly(-2);
    assertThat(second.memory()).containsExactly(new float[] {0}, new float[] {-4});
    assertThat(averaging.averager().result(second).parameters()).containsExactly(0);
    assertThat(averaging.averager().result(second).optimizerStates())
        .isDeepEqualTo(new float[][] {{7}});
    assertThat(start.memory()).containsExactly(new float[] {8}, new float[] {0});
  }

  /** torch.optim.SGD(lr = 0.7, momentum = 0.9, nesterov = True) on gradients 1, 2, -3 from 10. */
  @Test
  void blockMomentumsRoundsAreThoseOfNesterovsMomentumInPyTorch() {
    BlockMomentum averager = new BlockMomentum(0.9, 0.7);
    Averaged averaged = averager.initial(new TrainingState(new float[] {10}, NO_STATES));
    float[] expected = {8.67f, 5.443f, 7.7887f};
    float[] gradients = {1, 2, -3};
    for (int round = 0; round < gradients.length; round++) {
      float mean = averaged.state().parameters()[0] - gradients[round];
      averaged = averager.next(averaged, new TrainingState(new float[] {mean}, NO_STATES));
      assertThat(averaged.state().parameters()[0]).isCloseTo(expected[round], within(1e-5f));
    }
  }

  @Test
  void aSingleWorkersStateGoesOnAsItIs() {
    Averaging averaging = new Averaging(AveragingPeriod.fixed(1), new BlockMomentum(0.5, 1));
    Contribution only = contribution(1, new float[] {3}, NO_STATES);

    Averaged one = after(averaging, averaging.averager().initial(BEFORE), only);

    assertThat(one.state()).isSameAs(only.state());
    assertThat(averaging.averager().result(one).parameters()).containsExactly(3);
  }

  @Test
  void inAWarmStartMeansAreTakenAsTheyAre() {
    Averaging averaging = new Averaging(new AveragingPeriod(4, 0.5, 0), new BlockMomentum(0.5, 1));
    Averaged start = averaging.averager().initial(new TrainingState(new float[] {8}, NO_STATES));
    TrainedRound trained =
        TrainedRound.of(
            List.of(
                contribution(1, new float[] {3}, NO_STATES),
                contribution(1, new float[] {5}, NO_STATES)));

    Averaged warm = averaging.after(start, new Round(1, 5, 4, 5, 10, 2, 1), trained);
    Averaged next = averaging.after(warm, new Round(1, 6, 5, 9, 10, 2, 1), trained);

    assertThat(warm.state().parameters()).containsExactly(4);
    assertThat(warm.memory()).containsExactly(new float[] {4}, new float[] {0});
    assertThat(next.state().parameters()).as("the mean again").containsExactly(4);
  }

  @ParameterizedTest
  @CsvSource({
    // minibatches, warm start, growth, steps made, rate, next
    "4, 0, 0, 0, 0.1, 4",
    "0, 0, 0, 3, 0.1, 10",
    "4, 1, 0, 9, 0.1, 1",
    "4, 1, 0, 10, 0.1, 4",
    "4, 0.25, 0, 2, 0.1, 1",
    "4, 0.25, 0, 3, 0.1, 4",
    // (0.3 / 0.1)^2 = 9; (0.3 / 0.15)^2 = 4; more than the epoch's are none
    "2, 0, 0.3, 20, 0.1, 8",
    "2, 0, 0.301, 20, 0.1, 9",
    "2, 0, 0.3, 20, 0.2, 2",
    "2, 0, 0.3, 20, 0.001, 10",
    "2, 0, 0.3, 20, 0, 10",
    // as a schedule ends
    "2, 0, 0, 20, 0, 2"
  })
  void periods(
      int minibatches, double warmStart, double growth, long steps, double rate, int next) {
    assertThat(new AveragingPeriod(minibatches, warmStart, growth).next(steps, 10, rate))
        .isEqualTo(next);
  }

  private static Averaged after(Averaging averaging, Averaged before, Contribution... all) {
    return averaging.after(before, Plan.round(1, 1, 0, 1, 1), TrainedRound.of(List.of(all)));
  }

  private static Contribution contribution(double weight, float[] parameters, float[][] states) {
    return contribution(new TrainingState(parameters, states), new LossSum(0, 0, weight, 1));
  }

  private static TrainingState average(TrainingState before, List<Contribution> contributions) {
    return Averaging.plain(1)
        .after(
            new Averaged(before, List.of()),
            Plan.round(1, 1, 0, 1, 1),
            TrainedRound.of(contributions))
        .state();
  }

  private static Contribution contribution(TrainingState state, LossSum sums) {
    return new Contribution(state, new WorkerReport(sums, LossSum.NONE, new float[0], true));
  }
}
