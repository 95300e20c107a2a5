package dev.convene.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ActivationTest {
  private static final float TINIEST = Float.MIN_VALUE;

  @Test
  void reluHasPyTorchsDerivativeAt0() {
    check(
        Activation.RELU,
        new float[] {-2, -TINIEST, 0, TINIEST, 3, Float.MAX_VALUE},
        new float[] {0, 0, 0, TINIEST, 3, Float.MAX_VALUE},
        new float[] {0, 0, 0, 1, 1, 1});
  }

  @Test
  void leakyReluHasPyTorchsSlope() {
    check(
        Activation.LEAKY_RELU,
        new float[] {-200, -1, 0, TINIEST, 3},
        new float[] {-2, -0.01f, 0, TINIEST, 3},
        new float[] {0.01f, 0.01f, 0.01f, 1, 1});
  }

  @Test
  void sigmoidAndTanhSaturate() {
    check(
        Activation.SIGMOID,
        new float[] {-1e4f, 0, 1e4f},
        new float[] {0, 0.5f, 1},
        new float[] {0, 0.25f, 0});
    check(
        Activation.TANH,
        new float[] {-1e4f, 0, 1e4f},
        new float[] {-1, 0, 1},
        new float[] {0, 1, 0});
  }

  @Test
  void sigmoidIsAccurateWhereverItStandsInTheArray() {
    Random random = new Random(7);
    float[] z = new float[5000];
    for (int i = 0; i < z.length; i++) {
      z[i] = i < 2500 ? 175 * random.nextFloat() - 87.5f : (float) random.nextGaussian();
    }
    float[] values = z.clone();

    Activation.SIGMOID.apply(values, z.length);

    for (int i = 0; i < z.length; i++) {
      float exact = (float) (1 / (1 + Math.exp(-(double) z[i])));
      assertThat(values[i]).as("%s", z[i]).isCloseTo(exact, within(3 * Math.ulp(exact)));
      float[] alone = {z[i]};
      Activation.SIGMOID.apply(alone, 1);
      assertThat(alone[0]).isEqualTo(values[i]);
    }
  }

  @ParameterizedTest
  @EnumSource
  void keepsWhatIsNotANumberToBeSeen(Activation activation) {
    float[] values = {Float.NaN};
    activation.apply(values, 1);
    assertThat(values[0]).isNaN();
  }

  @ParameterizedTest
  @EnumSource
  void leavesTheRestOfTheArray(Activation activation) {
    float[] values = {-3, -3};
    float[] derivatives = {7, 7};
    activation.applyInTraining(values, derivatives, new float[] {1}, 1);
    activation.apply(values, 1);
    assertThat(values[1]).isEqualTo(-3);
    assertThat(derivatives[1]).isEqualTo(7);
  }

  private static void check(
      Activation activation, float[] z, float[] expected, float[] expectedDerivatives) {
    float[] values = z.clone();
    activation.apply(values, z.length);
    assertThat(values).isEqualTo(expected);

    float[] valuesWithDerivatives = z.clone();
    float[] derivatives = new float[z.length];
    float[] factors = new float[z.length];
    Arrays.fill(factors, 1);
    activation.applyInTraining(valuesWithDerivatives, derivatives, factors, z.length);
    assertThat(valuesWithDerivatives).isEqualTo(values);
    assertThat(derivatives).isEqualTo(expectedDerivatives);
  }
}
