package dev.convene.nn;

import static dev.convene.GoldenNumbers.assertClose;
import static dev.convene.Ones.ones;
import static dev.convene.nn.Loss.MEAN_SQUARED_ERROR;
import static dev.convene.nn.Loss.SOFTMAX_CROSS_ENTROPY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convene.GoldenNumbers;
import org.junit.jupiter.api.Test;

class LossTest {
  @Test
  void softmaxIsTheLecturesTable() {
    assertClose(
        "softmax of 1, 2, 3",
        softmax(new float[] {1, 2, 3}, 3),
        GoldenNumbers.floats(GoldenNumbers.read("seed-tables").get("softmax123")),
        1e-6,
        0);
  }

  @Test
  void softmaxOfScoringIsTheSame() {
    double[] outputs = {1, 2, 3};
    Softmax.inPlace(outputs);
    assertThat(outputs)
        .containsExactly(
            GoldenNumbers.doubles(GoldenNumbers.read("seed-tables").get("softmax123")),
            within(1e-7));
    double[] huge = {-1e30, 1e30, 1e30};
    Softmax.inPlace(huge);
    assertThat(huge).containsExactly(0, 0.5, 0.5);
  }

  @Test
  void crossEntropyIsTheLecturesTable() {
    JsonNode table = GoldenNumbers.read("seed-tables").get("crossEntropy");
    float[] z = GoldenNumbers.floats(table.get("z"));
    float[] y = GoldenNumbers.floats(table.get("y"));

    assertThat(SOFTMAX_CROSS_ENTROPY.sum(z, y, 3, 5) / 3)
        .isCloseTo(table.get("cost").doubleValue(), within(1e-6));
    assertClose("softmax", softmax(z, 5), GoldenNumbers.floats(table.get("softmax")), 1e-6, 0);
  }

  @Test
  void crossEntropyStaysFiniteForEveryFiniteOutput() {
    for (float huge : new float[] {1e4f, 1e30f, Float.MAX_VALUE}) {
      float[] outputs = {huge, -huge, 0};
      for (int target = 0; target < 3; target++) {
        double expected = new double[] {0, 2.0 * huge, huge}[target];
        float[] targets = {target};

        assertThat(SOFTMAX_CROSS_ENTROPY.sum(outputs, targets, 1, 3)).isEqualTo(expected);
        float[] gradient = outputs.clone();
        assertThat(sumAndGradient(SOFTMAX_CROSS_ENTROPY, gradient, targets, 1, 3, 1))
            .isEqualTo(expected);
        float[] probabilitiesMinusTarget = {1, 0, 0};
        probabilitiesMinusTarget[target] -= 1;
        assertThat(gradient).isEqualTo(probabilitiesMinusTarget);
      }
    }
  }

  @Test
  void crossEntropyOfEqualOutputsIsTheLogarithmOfTheirNumberHoweverLarge() {
    for (float any : new float[] {0, -7, 1e4f, 0x1p60f, -0x1p100f}) {
      float[] outputs = {any, any, any};

      assertThat(SOFTMAX_CROSS_ENTROPY.sum(outputs, new float[] {1}, 1, 3))
          .isCloseTo(Math.log(3), within(1e-15));
      assertThat(sumAndGradient(SOFTMAX_CROSS_ENTROPY, outputs, new float[] {1}, 1, 3, 1))
          .isCloseTo(Math.log(3), within(1e-15));
    }
  }

  @Test
  void squaredErrorIsAMeanOverOutputsAndAGradientOverRows() {
    float[] outputs = {1, 2, 3, 4};
    float[] targets = {0, 4, 3, 1};

    assertThat(MEAN_SQUARED_ERROR.sum(outputs, targets, 2, 2)).isEqualTo((1 + 4 + 0 + 9) / 2.0);
    assertThat(sumAndGradient(MEAN_SQUARED_ERROR, outputs, targets, 2, 2, 4)).isEqualTo(7);
    // 2 (output - target) / (4 rows x 2 outputs)
    assertThat(outputs).containsExactly(0.25f, -0.5f, 0, 0.75f);
  }

  /**
   * As torch.nn.CrossEntropyLoss(weight): of equal outputs of two classes each row's loss is ln 2.
   */
  @Test
  void crossEntropyIsAMeanByWeight() {
    float[] outputs = {0, 0, 7, 7, -1, -1};
    RowBuffer rows = new RowBuffer(null, new float[] {0, 1, 1}, new float[] {3, 1, 0});

    assertThat(SOFTMAX_CROSS_ENTROPY.weightedSum(outputs, rows, 3, 2))
        .isCloseTo(4 * Math.log(2), within(1e-15));
    assertThat(SOFTMAX_CROSS_ENTROPY.weightedSumAndGradient(outputs, rows, 3, 2, 0, 4))
        .isCloseTo(4 * Math.log(2), within(1e-15));
    // w / sum(w) (softmax - target)
    assertThat(outputs).containsExactly(-0.375f, 0.375f, 0.125f, -0.125f, 0, 0);
  }

  @Test
  void smoothedLabelsArePyTorchs() {
    JsonNode golden = GoldenNumbers.read("nn").get("labelSmoothing");
    float[] targets = GoldenNumbers.floats(golden.get("targets"));
    int rows = targets.length;
    assertThat(golden.get("cases")).hasSize(4);
    for (JsonNode of : golden.get("cases")) {
      float[] outputs = GoldenNumbers.floats(golden.get("outputs"));
      double smoothing = of.get("smoothing").doubleValue();
      RowBuffer buffer = new RowBuffer(null, targets, ones(rows));

      double sum =
          SOFTMAX_CROSS_ENTROPY.weightedSumAndGradient(outputs, buffer, rows, 4, smoothing, rows);

      assertClose("loss", sum / rows, of.get("loss").doubleValue(), 1e-7, 0);
      float[] gradient = GoldenNumbers.floats(of.get("gradient"));
      assertClose("gradient at " + smoothing, outputs, gradient, 1e-6, 2e-8);
    }
  }

  @Test
  void squaredErrorIsAMeanByWeight() {
    float[] outputs = {1, 2, 3, 4, 9, 9};
    RowBuffer rows =
        new RowBuffer(null, new float[] {0, 4, 3, 1, 0, 0}, new float[] {0.5f, 3.5f, 0});
    double expected = 0.5 * (1 + 4) / 2 + 3.5 * (0 + 9) / 2;

    assertThat(MEAN_SQUARED_ERROR.weightedSum(outputs, rows, 3, 2)).isEqualTo(expected);
    assertThat(MEAN_SQUARED_ERROR.weightedSumAndGradient(outputs, rows, 3, 2, 0, 4))
        .isEqualTo(expected);
    // w / sum(w) 2 (output - target) / 2 outputs
    assertThat(outputs).containsExactly(0.125f, -0.25f, 0, 2.625f, 0, 0);
  }

  @Test
  void squaredErrorStaysFiniteForEveryFiniteOutput() {
    assertThat(MEAN_SQUARED_ERROR.sum(new float[] {1e30f}, new float[] {-1e30f}, 1, 1))
        .isCloseTo(4e60, within(1e54));
  }

  @Test
  void aClassificationHasOneTargetARow() {
    assertThat(SOFTMAX_CROSS_ENTROPY.targetsPerRow(10)).isEqualTo(1);
    assertThat(MEAN_SQUARED_ERROR.targetsPerRow(10)).isEqualTo(10);
  }

  /** From the gradient, which is softmax minus the target's 1. */
  @Test
  void saysWhetherItClassifies() {
    float[] outputs = {0, 1, 1, 0};
    RowBuffer rows = new RowBuffer(null, new float[] {1, 1}, new float[] {2, 3});

    assertThat(SOFTMAX_CROSS_ENTROPY.classifies()).isTrue();
    assertThat(SOFTMAX_CROSS_ENTROPY.correct(outputs, rows, 2, 2)).isEqualTo(2);
    assertThat(MEAN_SQUARED_ERROR.classifies()).isFalse();
    assertThat(MEAN_SQUARED_ERROR.correct(outputs, rows, 2, 2)).isZero();
  }

  private static float[] softmax(float[] outputs, int width) {
    int rows = outputs.length / width;
    float[] gradient = outputs.clone();
    sumAndGradient(SOFTMAX_CROSS_ENTROPY, gradient, new float[rows], rows, width, 1);
    for (int row = 0; row < rows; row++) {
      gradient[row * width] += 1;
    }
    return gradient;
  }

  private static double sumAndGradient(
      Loss loss, float[] outputs, float[] targets, int rows, int width, double totalWeight) {
    RowBuffer buffer = new RowBuffer(null, targets, ones(rows));
    return loss.weightedSumAndGradient(outputs, buffer, rows, width, 0, totalWeight);
  }
}
