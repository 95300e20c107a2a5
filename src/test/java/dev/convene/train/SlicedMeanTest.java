package dev.convene.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.testkit.LocalSpark;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.MapOutputTrackerMaster;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("spark")
class SlicedMeanTest {
  @ParameterizedTest
  @CsvSource({
    // parameters, arrays of the optimizer, slices, workers
    "1, 0, 1, 2",
    "7, 2, 3, 5",
    "10, 0, 10, 3",
    "5, 1, 13, 4",
    "1000, 3, 7, 12",
    "3, 2, 20, 2"
  })
  void hasTheBitsOfTheMeanThatTheDriverMakes(
      int parameters, int optimizerStates, int slices, int workers) {
    Random random = new Random(parameters + slices);
    List<Contribution> contributions =
        IntStream.range(0, workers)
            .mapToObj(
                worker ->
                    worker == 1
                        ? Contribution.NONE
                        : contribution(state(parameters, optimizerStates, random), worker + 0.3))
            .toList();

    SlicedMean.Gathered gathered =
        gather(new StateSlices(parameters, optimizerStates, slices), contributions);

    TrainingState expected = TrainedRound.of(contributions).mean();
    assertThat(gathered.mean().parameters()).isEqualTo(expected.parameters());
    assertThat(gathered.mean().optimizerStates()).isDeepEqualTo(expected.optimizerStates());
    assertThat(gathered.reports())
        .extracting(result -> result.value().sums())
        .containsExactlyElementsOf(
            contributions.stream().map(contribution -> contribution.report().sums()).toList());
  }

  @Test
  void keepsTheStateOfTheOnlyWorkerWithRows() {
    TrainingState only = new TrainingState(new float[] {0.1f, -0f}, new float[][] {{-0f, 3}});

    SlicedMean.Gathered gathered =
        gather(
            new StateSlices(2, 1, 3),
            List.of(Contribution.NONE, contribution(only, 0.7), Contribution.NONE));

    assertThat(gathered.mean().parameters()).isEqualTo(only.parameters());
    assertThat(gathered.mean().optimizerStates()).isDeepEqualTo(only.optimizerStates());
  }

  @Test
  void isNoneIfNobodyHasWeight() {
    SlicedMean.Gathered gathered =
        gather(new StateSlices(2, 1, 3), List.of(Contribution.NONE, Contribution.NONE));

    assertThat(gathered.mean()).isNull();
    assertThat(gathered.reports()).hasSize(2);
  }

  @Test
  void leavesNoShuffleFilesToLaterRounds() {
    StateSlices slices = new StateSlices(40, 1, 4);
    List<Contribution> contributions =
        List.of(
            contribution(state(40, 1, new Random(1)), 1),
            contribution(state(40, 1, new Random(2)), 1));
    int before = shuffles();

    for (int round = 0; round < 3; round++) {
      gather(slices, contributions);
    }

    assertThat(shuffles()).isEqualTo(before);
  }

  private static int shuffles() {
    return ((MapOutputTrackerMaster) spark().env().mapOutputTracker()).shuffleStatuses().size();
  }

  private static SlicedMean.Gathered gather(StateSlices slices, List<Contribution> contributions) {
    return new SlicedMean(slices)
        .gather(
            JavaSparkContext.fromSparkContext(spark())
                .parallelize(contributions, contributions.size())
                .map(contribution -> new WorkerResult<>(contribution, "host", "blas")));
  }

  private static SparkContext spark() {
    return LocalSpark.session().sparkContext();
  }

  private static TrainingState state(int parameters, int optimizerStates, Random random) {
    TrainingState state = TrainingState.initial(new float[parameters], optimizerStates);
    fill(state.parameters(), random);
    for (float[] array : state.optimizerStates()) {
      fill(array, random);
    }
    return state;
  }

  private static void fill(float[] array, Random random) {
    for (int i = 0; i < array.length; i++) {
      array[i] = (float) random.nextGaussian();
    }
  }

  private static Contribution contribution(TrainingState state, double weight) {
    return Contribution.of(state, new LossSum(1, 1, weight, 2), LossSum.NONE, new float[] {1});
  }
}
