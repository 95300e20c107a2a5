package dev.convene.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InitializerTest {
  private static final int FAN_IN = 300;
  private static final int FAN_OUT = 200;
  private static final DenseNetwork NETWORK =
      DenseNetwork.of(FAN_IN, List.of(FAN_OUT), 3, Activation.RELU, 0, Loss.SOFTMAX_CROSS_ENTROPY);

  @Test
  void xavierIsUniformByFanInAndFanOut() {
    assertUniform(weights(Initializer.XAVIER), Math.sqrt(6.0 / (FAN_IN + FAN_OUT)));
    assertThat(biases(Initializer.XAVIER)).containsOnly(0f);
  }

  @Test
  void kaimingIsUniformByFanIn() {
    assertUniform(weights(Initializer.KAIMING), Math.sqrt(6.0 / FAN_IN));
    assertThat(biases(Initializer.KAIMING)).containsOnly(0f);
  }

  @Test
  void pytorchIsUniformByFanInBiasesToo() {
    double bound = 1 / Math.sqrt(FAN_IN);
    assertUniform(weights(Initializer.PYTORCH), bound);
    assertUniform(biases(Initializer.PYTORCH), bound);
  }

  @Test
  void normalIsStandardNormal() {
    float[] weights = weights(Initializer.NORMAL);
    assertThat(mean(weights)).isCloseTo(0, within(5 / Math.sqrt(weights.length)));
    assertThat(meanSquare(weights)).isCloseTo(1, within(5 * Math.sqrt(2.0 / weights.length)));
    assertThat(biases(Initializer.NORMAL)).containsOnly(0f);
  }

  @Test
  void zerosAreZeros() {
    assertThat(Initializer.ZEROS.initialParameters(NETWORK, 1))
        .hasSize(NETWORK.parameterCount())
        .containsOnly(0f);
  }

  static Stream<Initializer> random() {
    return Stream.of(
        Initializer.XAVIER,
        Initializer.KAIMING,
        Initializer.NORMAL,
        Initializer.PYTORCH,
        Initializer.uniform(-1, 2),
        Initializer.xavierNormal(1),
        Initializer.kaimingNormal(Fan.OUT, Activation.TANH));
  }

  @ParameterizedTest
  @MethodSource("random")
  void isDecidedByTheSeedAndDiffersBetweenLayers(Initializer initializer) {
    float[] parameters = initializer.initialParameters(NETWORK, 1);
    assertThat(initializer.initialParameters(NETWORK, 1)).isEqualTo(parameters);
    assertThat(initializer.initialParameters(NETWORK, 2)).isNotEqualTo(parameters);

    DenseNetwork square =
        DenseNetwork.of(10, List.of(10), 10, Activation.RELU, 0, Loss.SOFTMAX_CROSS_ENTROPY);
    float[] layers = initializer.initialParameters(square, 1);
    assertThat(Arrays.copyOf(layers, 100)).isNotEqualTo(Arrays.copyOfRange(layers, 110, 210));
  }

  private static float[] weights(Initializer initializer) {
    return Arrays.copyOf(initializer.initialParameters(NETWORK, 1), FAN_IN * FAN_OUT);
  }

  private static float[] biases(Initializer initializer) {
    float[] parameters = initializer.initialParameters(NETWORK, 1);
    return Arrays.copyOfRange(parameters, FAN_IN * FAN_OUT, FAN_IN * FAN_OUT + FAN_OUT);
  }

  /** Bounds of five standard deviations; a uniform square has the variance 4/45 bound^4. */
  private static void assertUniform(float[] values, double bound) {
    int n = values.length;
    double largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertThat(largest).isBetween(bound * (1 - 10.0 / n), bound * (1 + 1e-7));
    assertThat(mean(values)).isCloseTo(0, within(5 * bound / Math.sqrt(3.0 * n)));
    assertThat(meanSquare(values))
        .isCloseTo(bound * bound / 3, within(5 * bound * bound * Math.sqrt(4.0 / 45 / n)));
  }

  private static double mean(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  private static double meanSquare(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return sum / values.length;
  }
}
