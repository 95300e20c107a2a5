package dev.convene.nn;

import static dev.convene.GoldenNumbers.assertClose;
import static dev.convene.Ones.ones;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convene.GoldenNumbers;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ActivationTest {
  private static final float TINIEST = Float.MIN_VALUE;

  private static final JsonNode GOLDEN = GoldenNumbers.read("nn");

  static Stream<Activation> activations() {
    return Stream.concat(Activation.ALL.stream(), Stream.of(new LeakyRelu(0.2)));
  }

  @ParameterizedTest
  @MethodSource("activations")
  void isPyTorchsWithItsDerivative(Activation activation) {
    JsonNode golden = GOLDEN.get("activations").get(activation.description());
    float[] z = GoldenNumbers.floats(GOLDEN.get("z"));

    float[] values = z.clone();
    float[] derivatives = new float[z.length];
    activation.applyInTraining(values, derivatives, ones(z.length), z.length);

    float[] expected = GoldenNumbers.floats(golden.get("values"));
    assertClose("values", values, expected, 1e-6, 1e-12);
    float[] expectedDerivatives = GoldenNumbers.floats(golden.get("derivatives"));
    assertClose("derivatives", derivatives, expectedDerivatives, 1e-6, 0x1p-23);
    float[] scored = z.clone();
    activation.apply(scored, z.length);
    assertThat(scored).isEqualTo(values);
  }

  @Test
  void hasPyTorchsGain() {
    JsonNode gains = GOLDEN.get("gains");
    assertThat(gains).hasSize(6);
    gains
        .fields()
        .forEachRemaining(
            gain ->
                assertThat(Math.sqrt(Activation.parse(gain.getKey()).squaredGain()))
                    .as(gain.getKey())
                    .isCloseTo(gain.getValue().doubleValue(), within(1e-15)));
    assertThat(Stream.of(Activation.ELU, Activation.GELU, Activation.SILU, Activation.SOFTPLUS))
        .allMatch(activation -> activation.squaredGain() == Activation.RELU.squaredGain());
  }

  /** Longer than any chunk, and of a length that is none's multiple. */
  @ParameterizedTest
  @MethodSource("activations")
  void dependsOnNothingButTheNumberItself(Activation activation) {
    int n = 3001;
    float[] z = new float[n];
    float[] factors = new float[n];
    Random random = new Random(3);
    for (int i = 0; i < n; i++) {
      z[i] = 4 * (float) random.nextGaussian();
      factors[i] = i % 3;
    }
    float[] values = z.clone();
    float[] derivatives = new float[n];
    activation.applyInTraining(values, derivatives, factors, n);

    for (int i : IntStream.range(0, n).filter(i -> i % 7 == 0 || i > n - 9).toArray()) {
      float[] alone = {z[i]};
      float[] derivative = {0};
      activation.applyInTraining(alone, derivative, ones(1), 1);
      assertThat(values[i]).isEqualTo(alone[0] * factors[i]);
      assertThat(derivatives[i]).isEqualTo(derivative[0] * factors[i]);
    }
  }

  @ParameterizedTest
  @MethodSource("activations")
  void staysFiniteForEveryFiniteInput(Activation activation) {
    for (float huge : new float[] {89, 1e4f, Float.MAX_VALUE / 2}) {
      float[] values = {huge, -huge};
      float[] derivatives = {7, 7};
      activation.applyInTraining(values, derivatives, ones(2), 2);
      // Near their asymptotes, which some come to from the other side.
      assertThat(values[0] / huge).isBetween(0f, 1.06f);
      assertThat(values[1]).isBetween(-0.2f * huge, 1e-30f);
      assertThat(derivatives[0]).isBetween(0f, 1.06f);
      assertThat(derivatives[1]).isBetween(-1e-30f, 0.2f);
    }
  }

  @Test
  void isReadFromItsDescription() {
    assertThat(activations().map(Activation::description))
        .containsExactly(
            "relu",
            "leaky-relu",
            "sigmoid",
            "tanh",
            "elu",
            "selu",
            "gelu",
            "silu",
            "softplus",
            "leaky-relu(0.2)");
    assertThat(activations()).allMatch(it -> Activation.parse(it.description()).equals(it));
    for (String none : List.of("step", "RELU", "leaky-relu()", "tanh(1)", "leaky-relu(x)")) {
      assertThatThrownBy(() -> Activation.parse(none)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1, Double.NaN})
  void aSlopeIsBelow1(double slope) {
    assertThatThrownBy(() -> new LeakyRelu(slope))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("leaky-relu has a slope in [0, 1), and not " + slope);
  }

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
  @MethodSource("activations")
  void keepsWhatIsNotANumberToBeSeen(Activation activation) {
    float[] values = {Float.NaN};
    activation.apply(values, 1);
    assertThat(values[0]).isNaN();
  }

  @ParameterizedTest
  @MethodSource("activations")
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
