package dev.convene.ml;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ThresholdsTest {
  @Test
  void withoutThresholdsTheFirstOfTheLargestOutputsCounts() {
    double[] equal = {0, 1, 1};
    // So close that their probabilities are equal doubles.
    double[] outputs = {-2, 0, 1e-30};

    assertThat(Thresholds.NONE.predictedClass(new ClassScores(equal))).isEqualTo(1);
    assertThat(Thresholds.NONE.predictedClass(new ClassScores(outputs))).isEqualTo(2);
  }

  @Test
  void probabilitiesAreDividedByThresholds() {
    assertThat(predicted(new double[] {0.2, 0.4, 0.4}, 0.1, 0.5, 0.5)).isZero();
    assertThat(predicted(new double[] {0.2, 0.4, 0.4}, 1, 0.8, 0.5)).isEqualTo(2);
    assertThat(predicted(new double[] {0.25, 0.5, 0.25}, 0.5, 1, 0.75)).isZero();
  }

  @Test
  void thresholdZeroWinsUnlessItsClassIsImpossible() {
    assertThat(predicted(new double[] {0.9, 0.1, 1e-300}, 1, 1, 0)).isEqualTo(2);
    assertThat(predicted(new double[] {0.9, 0.1, 0}, 1, 1, 0)).isZero();
  }

  private static int predicted(double[] probabilities, double... thresholds) {
    return Thresholds.of(thresholds).predictedClass(probabilities);
  }
}
