package dev.convene.nn;

import static dev.convene.GoldenNumbers.assertClose;
import static dev.convene.Ones.ones;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convene.GoldenNumbers;
import dev.convene.blas.BlasChoice;
import dev.convene.blas.NativeBlas;
import dev.convene.nn.RandomStream.Purpose;
import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.JavaBLAS;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackpropagationTest {
  /** The last place of float32 at 1, the size of what cancels in the sums. */
  private static final double FLOOR = 1e-7;

  private static final RandomStream NO_DROPOUT = RandomStream.of(0, Purpose.DROPOUT);

  private static final List<DropoutRates> DROPOUTS =
      List.of(
          DropoutRates.ofHidden(0, 3),
          DropoutRates.ofHidden(0.3, 3),
          new DropoutRates(0.2f, List.of(0.3f, 0f, 0.1f)));

  private static final class Outcome {
    private final double lossSum;
    private final double correct;
    private final float[] gradient;

    Outcome(double lossSum, double correct, float[] gradient) {
      this.lossSum = lossSum;
      this.correct = correct;
      this.gradient = gradient;
    }
  }

  static List<BLAS> blas() {
    return List.of(JavaBLAS.getInstance(), NativeBlas.load(BlasChoice.DEFAULT).blas());
  }

  @ParameterizedTest
  @MethodSource("blas")
  void agreesWithPyTorch(BLAS blas) {
    JsonNode cases = GoldenNumbers.read("gradients").get("cases");
    assertThat(cases).hasSize(8);
    for (JsonNode golden : cases) {
      List<Integer> widths = GoldenNumbers.integers(golden.get("layers"));
      DenseNetwork network =
          DenseNetwork.of(
              widths.get(0),
              widths.subList(1, widths.size() - 1),
              widths.get(widths.size() - 1),
              activation(golden),
              0,
              loss(golden));
      float[] x = GoldenNumbers.floats(golden.get("x"));
      float[] y = GoldenNumbers.floats(golden.get("y"));
      float[] parameters = GoldenNumbers.floats(golden.get("parameters"));
      int rows = golden.get("x").size();
      String name = golden.get("layers") + " " + network.activation() + " " + network.loss();

      float[] outputs = network.forwardPass(rows, blas).outputs(parameters, x, rows);
      float[] expected = GoldenNumbers.floats(golden.get("output"));
      assertClose(name + " output", Arrays.copyOf(outputs, expected.length), expected, 1e-5, FLOOR);

      Outcome outcome = propagate(network, blas, parameters, x, y, NO_DROPOUT, rows);
      assertClose(
          name + " cost", outcome.lossSum / rows, golden.get("cost").doubleValue(), 1e-5, 0);
      assertClose(
          name + " gradient",
          outcome.gradient,
          GoldenNumbers.floats(golden.get("gradient")),
          1e-5,
          FLOOR);
    }
  }

  static Stream<Arguments> everyNetwork() {
    List<Arguments> all = new ArrayList<>();
    for (BLAS blas : blas()) {
      for (Activation activation : ActivationTest.activations().toList()) {
        for (Loss loss : Loss.values()) {
          for (DropoutRates dropout : DROPOUTS) {
            // Odd and even widths, for dropout draws units in pairs.
            all.add(
                Arguments.of(
                    blas, DenseNetwork.of(5, List.of(7, 4, 5), 3, activation, dropout, loss)));
          }
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("everyNetwork")
  void isTheDerivativeOfTheMeanLossByEveryParameter(BLAS blas, DenseNetwork network) {
    int rows = 6;
    float[] x = normal(rows * network.inputs(), 1);
    float[] y = targets(network, rows);
    float[] parameters = normal(network.parameterCount(), 3);
    RandomStream dropout = RandomStream.of(7, Purpose.DROPOUT, 1, 0, 5);

    float[] gradient = propagate(network, blas, parameters, x, y, dropout, rows).gradient;

    float[][] masks = masks(network, dropout, rows);
    float[] kept = keptInputs(network, dropout, x);
    float[] numeric =
        new DoublePrecisionNetwork(network, kept, y, ones(rows), masks, 0).gradient(parameters);
    assertThat(nonZero(numeric)).as("derivatives worth checking").isGreaterThan(numeric.length / 4);
    assertClose("gradient", gradient, numeric, 1e-5, floor(network));
  }

  /**
   * Where slopes are above 1 errors grow from layer to layer: of 300 random networks of this shape
   * and SELU, PyTorch in float32 has gradients that are up to 2e-6 from its own in float64.
   */
  private static double floor(DenseNetwork network) {
    return network.activation() == Activation.SELU ? 3e-6 : 1e-6;
  }

  @ParameterizedTest
  @MethodSource("everyNetwork")
  void isTheDerivativeOfTheWeightedMeanLossInPartsToo(BLAS blas, DenseNetwork network) {
    float[] weights = {0.5f, 2, 0, 1, 7.25f, 1e-3f};
    int rows = weights.length;
    float[] x = normal(rows * network.inputs(), 1);
    float[] y = targets(network, rows);
    float[] parameters = normal(network.parameterCount(), 3);
    RandomStream dropout = RandomStream.of(7, Purpose.DROPOUT, 1, 0, 5);
    float[][] masks = masks(network, dropout, rows);
    float[] kept = keptInputs(network, dropout, x);
    float[] numeric =
        new DoublePrecisionNetwork(network, kept, y, weights, masks, 0).gradient(parameters);

    for (int partRows : new int[] {rows, 4, 1}) {
      Outcome outcome = propagate(network, blas, parameters, x, y, weights, dropout, partRows);

      assertClose("gradient", outcome.gradient, numeric, 1e-5, floor(network));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.6})
  void isTheDerivativeOfTheLossOfSmoothedLabels(double labelSmoothing) {
    DenseNetwork network =
        DenseNetwork.of(5, List.of(7, 4), 3, Activation.TANH, 0, Loss.SOFTMAX_CROSS_ENTROPY);
    float[] weights = {0.5f, 2, 0, 1, 7.25f, 1e-3f};
    int rows = weights.length;
    float[] x = normal(rows * network.inputs(), 1);
    float[] y = targets(network, rows);
    float[] parameters = normal(network.parameterCount(), 3);
    float[] gradient = new float[parameters.length];
    double totalWeight = 0.5 + 2 + 1 + 7.25 + 1e-3f;

    new Backpropagation(network, labelSmoothing, rows, false, JavaBLAS.getInstance())
        .propagate(
            parameters,
            new RowBuffer(x, y, weights),
            rows,
            0,
            rows,
            totalWeight,
            NO_DROPOUT,
            (found, offset, length) -> System.arraycopy(found, offset, gradient, offset, length));

    float[] numeric =
        new DoublePrecisionNetwork(network, x, y, weights, null, labelSmoothing)
            .gradient(parameters);
    assertClose("gradient", gradient, numeric, 1e-5, 1e-6);
  }

  @ParameterizedTest
  @MethodSource("everyNetwork")
  void isTheSameForAMinibatchInParts(BLAS blas, DenseNetwork network) {
    int rows = 23;
    float[] x = normal(rows * network.inputs(), 1);
    float[] y = targets(network, rows);
    float[] parameters = normal(network.parameterCount(), 3);
    RandomStream dropout = RandomStream.of(7, Purpose.DROPOUT, 1, 0, 5);

    Outcome whole = propagate(network, blas, parameters, x, y, dropout, rows);
    for (int partRows : new int[] {1, 8, 22}) {
      Outcome parts = propagate(network, blas, parameters, x, y, dropout, partRows);

      assertClose("loss", parts.lossSum, whole.lossSum, 1e-6, 0);
      assertThat(parts.correct).isEqualTo(whole.correct);
      assertClose("gradient", parts.gradient, whole.gradient, 1e-5, 1e-6);
    }
  }

  @ParameterizedTest
  @MethodSource("blas")
  void handsOutEachLayerOnceFromTheLastAndNeedsItsParametersNoMore(BLAS blas) {
    DenseNetwork network =
        DenseNetwork.of(5, List.of(7, 4), 3, Activation.TANH, 0, Loss.SOFTMAX_CROSS_ENTROPY);
    int rows = 4;
    float[] x = normal(rows * 5, 1);
    float[] y = targets(network, rows);
    float[] parameters = normal(network.parameterCount(), 3);
    float[] expected = propagate(network, blas, parameters, x, y, NO_DROPOUT, rows).gradient;

    List<Integer> offsets = new ArrayList<>();
    float[] gradientFound = new float[parameters.length];
    new Backpropagation(network, rows, blas)
        .propagate(
            parameters,
            new RowBuffer(x, y, ones(rows)),
            rows,
            0,
            rows,
            rows,
            NO_DROPOUT,
            (gradient, offset, length) -> {
              offsets.add(offset);
              System.arraycopy(gradient, offset, gradientFound, offset, length);
              Arrays.fill(parameters, offset, offset + length, Float.NaN);
              Arrays.fill(gradient, offset, offset + length, Float.NaN);
            });

    assertThat(offsets).containsExactly(5 * 7 + 7 + 7 * 4 + 4, 5 * 7 + 7, 0);
    assertThat(gradientFound).isEqualTo(expected);
  }

  @Test
  void leavesRowsAndTargetsAsTheyAre() {
    DenseNetwork network =
        DenseNetwork.of(5, List.of(3), 3, Activation.RELU, 0.5, Loss.MEAN_SQUARED_ERROR);
    float[] x = normal(20, 1);
    float[] y = targets(network, 4);
    float[] xBefore = x.clone();
    float[] yBefore = y.clone();

    propagate(
        network, JavaBLAS.getInstance(), normal(network.parameterCount(), 3), x, y, NO_DROPOUT, 4);

    assertThat(x).isEqualTo(xBefore);
    assertThat(y).isEqualTo(yBefore);
  }

  @Test
  void addsUpOverMinibatches() {
    DenseNetwork network =
        DenseNetwork.of(1, List.of(), 2, Activation.RELU, 0, Loss.SOFTMAX_CROSS_ENTROPY);
    Backpropagation backpropagation = new Backpropagation(network, 2, JavaBLAS.getInstance());
    float[] equalOutputs = new float[4];
    float[] targets = {0, 1};
    for (int i = 0; i < 3; i++) {
      backpropagation.propagate(
          equalOutputs,
          new RowBuffer(new float[2], targets, ones(2)),
          2,
          0,
          2,
          2,
          NO_DROPOUT,
          (gradient, from, n) -> {});
    }

    assertThat(backpropagation.lossSum()).isEqualTo(6 * Math.log(2));
    assertThat(backpropagation.correct()).isEqualTo(3);
  }

  private static Outcome propagate(
      DenseNetwork network,
      BLAS blas,
      float[] parameters,
      float[] x,
      float[] y,
      RandomStream dropout,
      int partRows) {
    float[] weights = ones(x.length / network.inputs());
    return propagate(network, blas, parameters, x, y, weights, dropout, partRows);
  }

  /** In parts of at most so many rows. */
  private static Outcome propagate(
      DenseNetwork network,
      BLAS blas,
      float[] parameters,
      float[] x,
      float[] y,
      float[] weights,
      RandomStream dropout,
      int partRows) {
    int rows = weights.length;
    double totalWeight = 0;
    for (float weight : weights) {
      totalWeight += weight;
    }
    int perRow = network.targetsPerRow();
    Backpropagation backpropagation = new Backpropagation(network, partRows, blas);
    float[] gradient = new float[network.parameterCount()];
    for (int from = 0; from < rows; from += partRows) {
      int to = Math.min(rows, from + partRows);
      backpropagation.propagate(
          parameters,
          new RowBuffer(
              Arrays.copyOfRange(x, from * network.inputs(), to * network.inputs()),
              Arrays.copyOfRange(y, from * perRow, to * perRow),
              Arrays.copyOfRange(weights, from, to)),
          to - from,
          from,
          rows,
          totalWeight,
          dropout,
          (found, offset, length) -> System.arraycopy(found, offset, gradient, offset, length));
    }
    return new Outcome(backpropagation.lossSum(), backpropagation.correct(), gradient);
  }

  private static float[][] masks(DenseNetwork network, RandomStream dropout, int rows) {
    float[][] masks = new float[network.layers().size() - 1][];
    for (int i = 0; i < masks.length; i++) {
      int width = network.layers().get(i).outputs();
      masks[i] = new float[rows * width];
      Arrays.fill(masks[i], 1);
      float rate = network.dropout().hidden().get(i);
      if (rate > 0) {
        new Dropout(rate).draw(dropout, i, 0, rows, width, masks[i]);
      }
    }
    return masks;
  }

  private static float[] keptInputs(DenseNetwork network, RandomStream dropout, float[] x) {
    float[] kept = x.clone();
    if (network.dropout().inputs() > 0) {
      int width = network.inputs();
      float[] factors = new float[x.length];
      int number = network.layers().size() - 1;
      new Dropout(network.dropout().inputs())
          .draw(dropout, number, 0, x.length / width, width, factors);
      for (int i = 0; i < kept.length; i++) {
        kept[i] *= factors[i];
      }
    }
    return kept;
  }

  private static float[] normal(int n, int seed) {
    RandomStream random = RandomStream.of(seed, Purpose.INITIAL_PARAMETERS);
    float[] numbers = new float[n];
    for (int i = 0; i < n; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }

  private static float[] targets(DenseNetwork network, int rows) {
    float[] targets = normal(rows * network.targetsPerRow(), 2);
    if (network.loss().classifies()) {
      for (int i = 0; i < rows; i++) {
        targets[i] = i % network.outputs();
      }
    }
    return targets;
  }

  private static int nonZero(float[] numbers) {
    int count = 0;
    for (float number : numbers) {
      if (number != 0) {
        count++;
      }
    }
    return count;
  }

  private static Activation activation(JsonNode golden) {
    return Activation.parse(golden.get("activation").textValue());
  }

  private static Loss loss(JsonNode golden) {
    return switch (golden.get("loss").textValue()) {
      case "softmax-cross-entropy" -> Loss.SOFTMAX_CROSS_ENTROPY;
      case "mse" -> Loss.MEAN_SQUARED_ERROR;
      default -> throw new AssertionError(golden.get("loss"));
    };
  }
}
