package dev.convene.ml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.config.WorkersPlan;
import dev.convene.train.AveragingPeriod;
import dev.convene.train.BlockMomentum;
import dev.convene.train.Minibatches;
import dev.convene.train.PlainAverage;
import dev.convene.train.TrainingPlan;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the number of workers decides where nobody else does. */
class AveragingDefaultsTest {
  private static final int MNIST_ROWS = 60_000;

  @ParameterizedTest
  @CsvSource({
    // workers, rows of a minibatch, minibatches between averages, momentum
    "1, 100, 100, false",
    "2, 100, 100, false",
    "3, 100, 100, false",
    "4, 100, 16, true",
    "8, 50, 16, true",
    "16, 25, 16, true",
    "32, 16, 16, true",
    // 60,000 x 15 / 64^2 / 16
    "64, 16, 13, true",
    "256, 16, 1, true"
  })
  void manyWorkersShareMinibatchesAndHaveMomentum(
      int workers, int batchSize, int period, boolean momentum) {
    TrainingPlan plan = plan(new NeuralNetworkClassifier(), workers);

    assertThat(plan.minibatches().batchSize()).isEqualTo(batchSize);
    assertThat(plan.minibatches().sharers()).isEqualTo(1);
    assertThat(plan.averaging().period())
        .isEqualTo(new AveragingPeriod(period, momentum ? 1 : 0, 0));
    assertThat(plan.averaging().averager())
        .isEqualTo(momentum ? new BlockMomentum(0.9, 1) : new PlainAverage());
  }

  @Test
  void smallMinibatchesStayAsSmall() {
    assertThat(plan(new NeuralNetworkClassifier().setBatchSize(8), 64).minibatches().batchSize())
        .isEqualTo(8);
  }

  @Test
  void aPeriodOfOnesOwnIsOneOfPlainAverages() {
    TrainingPlan own = plan(new NeuralNetworkClassifier().setAveragingPeriod(8), 64);
    TrainingPlan once = plan(new NeuralNetworkClassifier().setAveragingPeriod(0), 64);

    assertThat(own.averaging().averager()).isEqualTo(new PlainAverage());
    assertThat(own.averaging().period()).isEqualTo(AveragingPeriod.fixed(8));
    assertThat(once.averaging().period().minibatches()).isEqualTo(AveragingPeriod.ONCE_AN_EPOCH);
  }

  @Test
  void fullBatchesAndLbfgsAreAveragedPlainly() {
    assertThat(plan(new NeuralNetworkClassifier().setBatchSize(0), 64).averaging().averager())
        .isEqualTo(new PlainAverage());
    assertThat(plan(new NeuralNetworkClassifier().setBatchSize(0), 64).minibatches().batchSize())
        .isEqualTo(Minibatches.FULL_BATCH);
    assertThat(plan(new NeuralNetworkClassifier().setOptimizer("lbfgs"), 64).averaging().averager())
        .isEqualTo(new PlainAverage());
  }

  @Test
  void whatIsChosenIsTaken() {
    NeuralNetworkClassifier chosen =
        new NeuralNetworkClassifier()
            .setAveragingMethod("block-momentum")
            .setAveragingPeriod(5)
            .setAveragingMomentum(0.75)
            .setAveragingRate(0.7)
            .setAveragingWarmStart(0.5)
            .setAveragingGrowth(0.02)
            .setBatchSizeOf("worker");

    TrainingPlan plan = plan(chosen, 2);

    assertThat(plan.averaging().period()).isEqualTo(new AveragingPeriod(5, 0.5, 0.02));
    assertThat(plan.averaging().averager()).isEqualTo(new BlockMomentum(0.75, 0.7));
    assertThat(plan(chosen, 64).minibatches().batchSize()).isEqualTo(100);
  }

  @ParameterizedTest
  @CsvSource({
    // workers, period, most of which 60,000 x 15 rows / workers^2 / 16 allow
    "64, 14, 13",
    "64, 0, 13",
    "32, 55, 54"
  })
  void aPeriodThatCostsAccuracyIsWarnedOf(int workers, int period, int most) {
    assertThat(warning(new NeuralNetworkClassifier().setAveragingPeriod(period), workers))
        .hasValue(
            "%s workers are averaged every %s minibatches: with so few rows and epochs, more than %s"
                    .formatted(workers, period == 0 ? 59 : period, most)
                + " will make the model worse than one worker's. Average more often, or train on"
                + " fewer workers");
    assertThat(warning(new NeuralNetworkClassifier().setAveragingPeriod(most), workers)).isEmpty();
  }

  @Test
  void nothingIsWarnedOfWhereNoPeriodIsChosenOrNothingAveraged() {
    assertThat(warning(new NeuralNetworkClassifier(), 1000)).isEmpty();
    assertThat(warning(new NeuralNetworkClassifier().setAveragingPeriod(0), 1)).isEmpty();
    assertThat(warning(new NeuralNetworkClassifier().setAveragingPeriod(0), 2)).isEmpty();
    assertThat(
            warning(
                new NeuralNetworkClassifier().setAveragingPeriod(8).setOptimizer("lbfgs"), 1000))
        .isEmpty();
  }

  private static Optional<String> warning(NeuralNetworkClassifier params, int workers) {
    return workersPlan(params, workers).warning();
  }

  private static TrainingPlan plan(NeuralNetworkClassifier params, int workers) {
    return new NetworkFitting(params, FitOptions.DEFAULT).plan(workersPlan(params, workers));
  }

  private static WorkersPlan workersPlan(NeuralNetworkClassifier params, int workers) {
    List<Integer> rows =
        IntStream.range(0, workers)
            .mapToObj(worker -> (MNIST_ROWS + workers - 1 - worker) / workers)
            .toList();
    return new WorkersPlan(new ChosenParams(params), rows);
  }
}
