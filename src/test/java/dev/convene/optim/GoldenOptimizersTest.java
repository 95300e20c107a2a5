package dev.convene.optim;

import static dev.convene.GoldenNumbers.assertClose;
import static dev.convene.Ones.ones;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convene.GoldenNumbers;
import dev.convene.nn.Activation;
import dev.convene.nn.Backpropagation;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.Loss;
import dev.convene.nn.RandomStream;
import dev.convene.nn.RandomStream.Purpose;
import dev.convene.nn.RowBuffer;
import dev.ludovic.netlib.blas.JavaBLAS;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Paths of 30 steps that torch.optim has taken. */
class GoldenOptimizersTest {
  /** The last place of float32 between 2 and 4, where the largest parameters are. */
  private static final double FLOOR = 2.4e-7;

  /**
   * A thousandth of Adam's rate. After 30 steps two of its parameters are no better determined by
   * float32: in double arithmetic, noise of 2^-24 in gradient and parameters spreads them with a
   * standard deviation of 3e-6, since Adam divides small gradients by themselves.
   */
  private static final double FLOOR_OF_ADAM_AFTER_30_STEPS = 1e-5;

  private static final Set<String> NOT_YET_IN_CONVENE = Set.of("lbfgs");

  private static final JsonNode GOLDEN = GoldenNumbers.read("optimizers");

  /** Of the same rows and network, from the same initial parameters: optimizers.py wrote it. */
  private static final JsonNode OTHER_HYPERPARAMETERS =
      GoldenNumbers.read("optimizers-other-hyperparameters");

  static Stream<Named<JsonNode>> casesOfConvene() {
    return Stream.of(GOLDEN, OTHER_HYPERPARAMETERS)
        .flatMap(golden -> StreamSupport.stream(golden.get("cases").spliterator(), false))
        .filter(golden -> !NOT_YET_IN_CONVENE.contains(golden.get("optimizer").textValue()))
        .map(
            golden ->
                Named.of(golden.get("optimizer") + " " + golden.get("hyperparameters"), golden));
  }

  @Test
  void everyCaseIsTestedOrNamed() {
    assertThat(GOLDEN.get("cases")).hasSize(13);
    assertThat(OTHER_HYPERPARAMETERS.get("cases")).hasSize(16);
    assertThat(casesOfConvene()).hasSize(12 + 16);
  }

  @ParameterizedTest
  @MethodSource("casesOfConvene")
  void takesPyTorchsPath(JsonNode golden) {
    Optimizer optimizer = optimizer(golden);
    double rate = golden.get("hyperparameters").get("lr").doubleValue();
    DenseNetwork network =
        DenseNetwork.of(4, List.of(6), 3, Activation.TANH, 0, Loss.SOFTMAX_CROSS_ENTROPY);
    float[] x = GoldenNumbers.floats(GOLDEN.get("x"));
    float[] y = GoldenNumbers.floats(GOLDEN.get("y"));
    float[] parameters = GoldenNumbers.floats(golden.get("initialParameters"));
    double[] costs = GoldenNumbers.doubles(golden.get("costBeforeStep"));
    assertThat(costs).hasSize(30);
    float[][] states = new float[optimizer.stateCount()][parameters.length];

    for (int i = 1; i <= 30; i++) {
      int step = i;
      Backpropagation backpropagation =
          new Backpropagation(network, y.length, JavaBLAS.getInstance());
      backpropagation.propagate(
          parameters,
          new RowBuffer(x, y, ones(y.length)),
          y.length,
          0,
          y.length,
          y.length,
          RandomStream.of(0, Purpose.DROPOUT),
          (gradient, offset, length) ->
              optimizer.step(step, rate, parameters, gradient, states, offset, offset + length));

      assertClose(
          "cost before step " + step,
          backpropagation.lossSum() / y.length,
          costs[step - 1],
          1e-5,
          0);
      JsonNode expected = golden.get("parametersAfterStep").get(String.valueOf(step));
      assertThat(expected != null).isEqualTo(Set.of(1, 2, 5, 30).contains(step));
      if (expected != null) {
        System.out.printf(
            Locale.ROOT,
            "%s %s, step %d: parameters deviate by %.1e of the largest%n",
            golden.get("optimizer").textValue(),
            golden.get("hyperparameters"),
            step,
            GoldenNumbers.deviation(doubles(parameters), GoldenNumbers.doubles(expected)));
        assertClose(
            "parameters after step " + step,
            parameters,
            GoldenNumbers.floats(expected),
            step < 30 || optimizer instanceof Sgd || optimizer instanceof Adam ? 1e-5 : 1e-4,
            step < 30 ? FLOOR : floorAfter30Steps(optimizer, rate));
      }
    }
  }

  private static double[] doubles(float[] numbers) {
    return IntStream.range(0, numbers.length).mapToDouble(i -> numbers[i]).toArray();
  }

  private static double floorAfter30Steps(Optimizer optimizer, double rate) {
    if (optimizer instanceof Sgd) {
      return FLOOR;
    }
    // Others divide small gradients by themselves, too; a step is about the rate.
    return optimizer instanceof Adam ? FLOOR_OF_ADAM_AFTER_30_STEPS : Math.max(FLOOR, 1e-4 * rate);
  }

  private static Optimizer optimizer(JsonNode golden) {
    JsonNode keys = golden.get("hyperparameters");
    double decay = keys.path("weightDecay").doubleValue();
    return switch (golden.get("optimizer").textValue()) {
      case "sgd" ->
          new Sgd(
              keys.path("momentum").doubleValue(),
              keys.path("dampening").doubleValue(),
              keys.path("nesterov").booleanValue(),
              decay);
      case "adam" ->
          new Adam(
              keys.get("beta1").doubleValue(),
              keys.get("beta2").doubleValue(),
              keys.get("eps").doubleValue(),
              decay,
              keys.path("amsgrad").booleanValue());
      case "adamw" ->
          new AdamW(
              keys.get("beta1").doubleValue(),
              keys.get("beta2").doubleValue(),
              keys.get("eps").doubleValue(),
              decay,
              keys.path("amsgrad").booleanValue());
      case "adamax" ->
          new Adamax(
              keys.get("beta1").doubleValue(),
              keys.get("beta2").doubleValue(),
              keys.get("eps").doubleValue(),
              decay);
      case "adagrad" ->
          new Adagrad(keys.path("lrDecay").doubleValue(), decay, keys.get("eps").doubleValue());
      case "adadelta" ->
          new Adadelta(keys.get("rho").doubleValue(), keys.get("eps").doubleValue(), decay);
      case "rmsprop" ->
          new RmsProp(
              keys.get("alpha").doubleValue(),
              keys.get("eps").doubleValue(),
              decay,
              keys.path("momentum").doubleValue(),
              keys.path("centered").booleanValue());
      case "asgd" ->
          new Asgd(
              keys.get("lambd").doubleValue(),
              keys.get("alpha").doubleValue(),
              keys.get("t0").doubleValue(),
              decay);
      case "rprop" ->
          new Rprop(
              keys.get("etaMinus").doubleValue(),
              keys.get("etaPlus").doubleValue(),
              keys.get("minStep").doubleValue(),
              keys.get("maxStep").doubleValue());
      default ->
          throw new AssertionError(
              "neither tested nor named as missing: " + golden.get("optimizer"));
    };
  }
}
