package dev.convene.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convene.GoldenNumbers;
import dev.convene.nn.Activation;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.Loss;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What settings of an initializer draw, beside what torch.nn.init draws. */
class InitializerKindTest {
  private static final JsonNode CASES = GoldenNumbers.read("nn").get("initializers");

  static Stream<JsonNode> cases() {
    return StreamSupport.stream(CASES.spliterator(), false);
  }

  @Test
  void everyInitializerIsTested() {
    Set<String> tested = new TreeSet<>();
    CASES.forEach(golden -> tested.add(golden.get("initializer").textValue()));

    assertThat(tested)
        .containsExactlyInAnyOrder(
            Arrays.stream(InitializerKind.values()).map(SettingName::of).toArray(String[]::new));
  }

  /** Both draws have 60,000 numbers: bounds are five standard deviations of their difference. */
  @ParameterizedTest
  @MethodSource("cases")
  void weightsHavePyTorchsMomentsAndBounds(JsonNode golden) {
    int inputs = golden.get("inputs").intValue();
    int outputs = golden.get("outputs").intValue();
    DenseNetwork network =
        DenseNetwork.of(
            inputs, List.of(outputs), 2, Activation.RELU, 0, Loss.SOFTMAX_CROSS_ENTROPY);
    float[] parameters =
        InitializerKind.chosenBy(Settings.load(null, overrides(golden)))
            .initialParameters(network, 1);
    int n = inputs * outputs;
    DoubleSummaryStatistics weights =
        IntStream.range(0, n).mapToDouble(i -> parameters[i]).summaryStatistics();
    double variance =
        IntStream.range(0, n)
                .mapToDouble(i -> Math.pow(parameters[i] - weights.getAverage(), 2))
                .sum()
            / n;

    double std = golden.get("std").doubleValue();
    assertThat(weights.getAverage())
        .isCloseTo(golden.get("mean").doubleValue(), within(5 * std * Math.sqrt(2.0 / n)));
    assertThat(Math.sqrt(variance)).isCloseTo(std, within(5 * std / Math.sqrt(n)));
    if (!golden.get("initializer").textValue().endsWith("normal")) {
      assertThat(weights.getMin()).isCloseTo(golden.get("min").doubleValue(), within(1e-3 * std));
      assertThat(weights.getMax()).isCloseTo(golden.get("max").doubleValue(), within(1e-3 * std));
    }
    if (!golden.get("initializer").textValue().equals("pytorch")) {
      assertThat(Arrays.copyOfRange(parameters, n, n + outputs)).containsOnly(0f);
    }
  }

  private static List<String> overrides(JsonNode golden) {
    List<String> overrides = new ArrayList<>();
    overrides.add("model.initializer=" + golden.get("initializer").textValue());
    golden
        .get("settings")
        .fields()
        .forEachRemaining(
            setting ->
                overrides.add(
                    switch (setting.getKey()) {
                          case "activation" -> "model.activation=";
                          case "slope" -> "model.leaky-slope=";
                          default -> "model.initializer-" + setting.getKey() + "=";
                        }
                        + setting.getValue().asText()));
    return overrides;
  }
}
