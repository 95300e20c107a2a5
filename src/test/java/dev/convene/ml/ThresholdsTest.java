package dev.convene.ml;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ThresholdsTest {
  private static final float[] OUTPUTS = {9, 0, 1, 1};

  @Test
  void withoutThresholdsTheFirstOfTheLargestOutputsCounts() {
    // So close that their probabilities are equal doubles.
    float[] outputs = {9, -2, 0, 1e-30f};

    assertThat(Thresholds.predictedClass(OUTPUTS, 1, new double[] {0.2, 0.4, 0.4}, null))
        .isEqualTo(1);
    assertThat(Thresholds.predictedClass(outputs, 1, new double[] {0.2, 0.4, 0.4}, null))
        .isEqualTo(2);
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
    return Thresholds.predictedClass(OUTPUTS, 1, probabilities, thresholds);
  }
}
