package dev.convene.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convene.nn.RowBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Values by hand, of rows in two shards. */
class ValidationMetricTest {
  private static final double TOLERANCE = 1e-12;

  private static double value(
      ValidationMetric metric, int width, float[] outputs, float[] targets, float[] weights) {
    int n = weights.length;
    int perRow = targets.length / n;
    ValidationSum[] shards = new ValidationSum[2];
    for (int shard = 0; shard < 2; shard++) {
      int from = shard == 0 ? 0 : n / 3;
      int to = shard == 0 ? n / 3 : n;
      RowBuffer rows =
          new RowBuffer(
              new float[to - from],
              Arrays.copyOfRange(targets, from * perRow, to * perRow),
              Arrays.copyOfRange(weights, from, to));
      double[] counts = new double[metric.counts(width)];
      metric.count(
          counts, Arrays.copyOfRange(outputs, from * width, to * width), rows, to - from, width);
      double weight = 0;
      for (int i = from; i < to; i++) {
        weight += weights[i];
      }
      shards[shard] =
          new ValidationSum(new LossSum(3 * weight, weight / 4, weight, to - from), counts);
    }
    ValidationSum total = ValidationSum.total(List.of(shards));
    return metric.value(total.losses(), total.counts(), width);
  }

  private static final float[] ONES = {1, 1, 1, 1, 1, 1};

  /** Log-odds of class 1: -2, -1, 0, 1, 2, 3. */
  private static final float[] BINARY = {2, 0, 1, 0, 0, 0, 0, 1, 0, 2, 0, 3};

  @Test
  void lossAndAccuracyAreThoseOfTheSums() {
    assertThat(value(ValidationMetric.LOSS, 2, BINARY, new float[6], ONES)).isEqualTo(3);
    assertThat(value(ValidationMetric.ACCURACY, 2, BINARY, new float[6], ONES)).isEqualTo(0.25);
    assertThat(value(ValidationMetric.RMSE, 2, BINARY, new float[12], ONES))
        .isEqualTo(Math.sqrt(3));
  }

  @Test
  void rowsOfClassOneAboveThoseOfClassZero() {
    // Ranks of the positives (-1, 1, 3): 7 of 9 pairs... -1 beats -2; 1 beats -2, 0; 3 beats all 3.
    float[] labels = {0, 1, 0, 1, 0, 1};
    assertThat(value(ValidationMetric.ROC_AUC, 2, BINARY, labels, ONES))
        .isCloseTo(6 / 9.0, within(TOLERANCE));
    // From the top: 1/1, 1/2, 2/3, 2/4, 3/5, 3/6; the lines end at the positives' points.
    assertThat(value(ValidationMetric.PR_AUC, 2, BINARY, labels, ONES))
        .isCloseTo((1 + (1 / 2.0 + 2 / 3.0) / 2 + (2 / 4.0 + 3 / 5.0) / 2) / 3, within(TOLERANCE));
  }

  @Test
  void tiesCountHalf() {
    float[] same = new float[12];
    float[] labels = {0, 1, 0, 1, 0, 0};
    assertThat(value(ValidationMetric.ROC_AUC, 2, same, labels, ONES)).isEqualTo(0.5);
    assertThat(value(ValidationMetric.PR_AUC, 2, same, labels, ONES))
        .isCloseTo(2 / 6.0, within(TOLERANCE));
  }

  @Test
  void aRowOfWeightTwoIsTheRowTwice() {
    float[] weights = {1, 2, 1, 1, 2, 1};
    float[] labels = {0, 1, 0, 1, 0, 1};
    // Pairs: -1 (2) over -2 (1): 2; 1 over -2, 0: 2; 3 over all 4: 4; of 4 x 4.
    assertThat(value(ValidationMetric.ROC_AUC, 2, BINARY, labels, weights))
        .isCloseTo(8 / 16.0, within(TOLERANCE));
  }

  @Test
  void oneClassAloneHasNoArea() {
    assertThat(value(ValidationMetric.ROC_AUC, 2, BINARY, new float[6], ONES)).isNaN();
    assertThat(ValidationMetric.ROC_AUC.isBetter(Double.NaN, ValidationMetric.ROC_AUC.worst(), 0))
        .isFalse();
  }

  /** Predicted 0, 0, 1, 2, 2, 2 of labels 0, 1, 1, 2, 2, 0; a fourth class is not there. */
  private static final float[] OF_FOUR = {
    3, 0, 0, 0, 3, 0, 0, 0, 0, 3, 0, 0, 0, 0, 3, 0, 0, 0, 3, 0, 0, 0, 3, 0
  };

  private static final float[] LABELS = {0, 1, 1, 2, 2, 0};

  @Test
  void macroF1IsTheMeanOverTheClassesThatThereAre() {
    // F1: 2*1/(2+2), 2*1/(2+1), 2*2/(2+3).
    assertThat(value(ValidationMetric.MACRO_F1, 4, OF_FOUR, LABELS, ONES))
        .isCloseTo((0.5 + 2 / 3.0 + 0.8) / 3, within(TOLERANCE));
  }

  @Test
  void areasOfSeveralClassesAreMeansOfEachAgainstTheRest() {
    // Class 0: positives high, low; rest one high, three low: (1*(3+.5) + 1*1.5) / 8.
    // Class 1: high, low; rest four low: (4 + 2) / 8. Class 2: both high; rest one high: (2*3 +
    // 2*.5) / 8.
    assertThat(value(ValidationMetric.ROC_AUC, 4, OF_FOUR, LABELS, ONES))
        .isCloseTo((5 / 8.0 + 6 / 8.0 + 7 / 8.0) / 3, within(TOLERANCE));
  }

  @Test
  void absoluteErrorsAreMeansOverRowsAndOutputs() {
    float[] outputs = {1, 2, 3, 4, 5, 6};
    float[] targets = {1, 0, 0, 4, 5, 7};
    assertThat(value(ValidationMetric.MAE, 2, outputs, targets, new float[] {1, 1, 2}))
        .isCloseTo((2 / 2.0 + 3 / 2.0 + 2 * 1 / 2.0) / 4, within(TOLERANCE));
  }

  @Test
  void eachTaskHasItsMetrics() {
    assertThat(List.of(ValidationMetric.values()))
        .filteredOn(metric -> metric.isOf(true) && metric.isOf(false))
        .containsExactly(ValidationMetric.LOSS);
    assertThat(List.of(ValidationMetric.values()))
        .filteredOn(metric -> metric.isOf(false))
        .containsExactly(ValidationMetric.LOSS, ValidationMetric.RMSE, ValidationMetric.MAE);
  }
}
