package dev.convene.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convene.GoldenNumbers;
import dev.convene.config.ScheduleKind;
import dev.convene.config.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rates of torch.optim.lr_scheduler, from the settings to each step. */
class GoldenSchedulesTest {
  private static final JsonNode GOLDEN = GoldenNumbers.read("schedules");
  private static final double TOLERANCE = 1e-12;
  private static final int STEPS_PER_EPOCH = 10;

  static Stream<Named<JsonNode>> schedules() {
    return StreamSupport.stream(GOLDEN.get("schedules").spliterator(), false)
        .map(golden -> Named.of(golden.get("name") + " " + golden.get("settings"), golden));
  }

  static Stream<Named<JsonNode>> plateaus() {
    return StreamSupport.stream(GOLDEN.get("plateaus").spliterator(), false)
        .map(golden -> Named.of(golden.get("settings").toString(), golden));
  }

  @Test
  void everyScheduleIsThereButThoseThatPyTorchDoesNotHave() {
    Set<String> names = new TreeSet<>();
    GOLDEN.get("schedules").forEach(golden -> names.add(golden.get("name").textValue()));
    assertThat(names)
        .containsExactly("constant", "cosine", "exponential", "multi-step", "one-cycle", "step");
    assertThat(ScheduleKind.values()).hasSize(names.size() + 2);
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void stepsHavePyTorchsRates(JsonNode golden) {
    Schedule schedule = schedule(golden, "step");
    double[] rates = GoldenNumbers.doubles(golden.get("rates"));
    double[] ours = new double[rates.length];
    for (int i = 0; i < rates.length; i++) {
      Step step = new Step(i + 1, 1 + i / STEPS_PER_EPOCH, STEPS_PER_EPOCH, 4);
      ours[i] = schedule.rate(step);
      assertThat(ours[i]).as("step %s", i + 1).isCloseTo(rates[i], within(TOLERANCE));
    }
    System.out.printf(
        Locale.ROOT,
        "%s %s: rates deviate by %.1e of the largest%n",
        golden.get("name").textValue(),
        golden.get("settings"),
        GoldenNumbers.deviation(ours, rates));
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void epochsHavePyTorchsRates(JsonNode golden) {
    Schedule schedule = schedule(golden, "epoch");
    double[] rates = GoldenNumbers.doubles(golden.get("rates"));
    for (int i = 0; i < rates.length; i++) {
      for (int step = 1; step <= STEPS_PER_EPOCH; step += STEPS_PER_EPOCH - 1) {
        Step of = new Step((long) i * STEPS_PER_EPOCH + step, i + 1, STEPS_PER_EPOCH, 40);
        assertThat(schedule.rate(of)).as("epoch %s", i + 1).isCloseTo(rates[i], within(TOLERANCE));
      }
    }
  }

  /** Without a length of their own, schedules end with the training. */
  @ParameterizedTest
  @MethodSource("schedules")
  void allIsWhatTheTrainingHas(JsonNode golden) {
    for (String length : List.of("t-max", "total-steps")) {
      if (golden.get("settings").path(length).intValue() == 40) {
        Schedule schedule = schedule(golden, "step", length);
        double[] rates = GoldenNumbers.doubles(golden.get("rates"));
        for (int i = 0; i < rates.length; i++) {
          Step step = new Step(i + 1, 1 + i / STEPS_PER_EPOCH, STEPS_PER_EPOCH, 4);
          assertThat(schedule.rate(step)).isCloseTo(rates[i], within(TOLERANCE));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("plateaus")
  void plateausReduceTheRateAsPyTorchDoes(JsonNode golden) {
    List<String> overrides = overrides("reduce-on-plateau", golden, "epoch");
    overrides.add("train.learning-rate-schedule.monitor=train-loss");
    Plateau plateau = ScheduleKind.plateauChosenBy(settings(overrides));
    Plateau.Memory memory = plateau.initial();
    assertThat(plateau.ofValidation()).isFalse();
    for (int i = 0; i < GOLDEN.get("losses").size(); i++) {
      JsonNode loss = GOLDEN.get("losses").get(i);
      memory = plateau.after(memory, loss.isNull() ? Double.NaN : loss.doubleValue());
      double expected = golden.get("rates").get(i).doubleValue();
      assertThat(memory.rate()).as("after loss %s", i).isCloseTo(expected, within(TOLERANCE));
      assertThat(plateau.share(memory)).isCloseTo(expected / 0.2, within(TOLERANCE));
    }
  }

  /** Its definition at t = 0, 1/15, 1/5, 7/15, 1: ends of waves; at (sqrt(2) - 1)/15 a top. */
  @Test
  void coslog4HasFourWavesEachTwiceAsLong() {
    List<String> overrides = new ArrayList<>(List.of("train.learning-rate-schedule.name=coslog4"));
    overrides.add("train.learning-rate-schedule.unit=step");
    Schedule schedule = ScheduleKind.chosenBy(settings(overrides));
    for (int end : new int[] {0, 100, 300, 700}) {
      assertThat(schedule.rate(new Step(end + 1, 1, 150, 10))).isCloseTo(0, within(TOLERANCE));
    }
    for (double top : new double[] {0.5, 1.5, 2.5, 3.5}) {
      long count = Math.round((Math.pow(2, top) - 1) * 100);
      assertThat(schedule.rate(new Step(count + 1, 1, 150, 10))).isCloseTo(0.2, within(1e-4));
    }
  }

  private static Schedule schedule(JsonNode golden, String unit, String... without) {
    List<String> overrides = overrides(golden.get("name").textValue(), golden, unit);
    overrides.removeIf(
        override -> Arrays.stream(without).anyMatch(key -> override.contains("." + key + "=")));
    return ScheduleKind.chosenBy(settings(overrides));
  }

  private static List<String> overrides(String name, JsonNode golden, String unit) {
    List<String> overrides =
        golden.get("settings").properties().stream()
            .map(
                entry ->
                    "train.learning-rate-schedule." + entry.getKey() + "=" + text(entry.getValue()))
            .collect(Collectors.toCollection(ArrayList::new));
    overrides.add("train.learning-rate-schedule.name=" + name);
    overrides.add("train.learning-rate-schedule.unit=" + unit);
    return overrides;
  }

  private static String text(JsonNode value) {
    return value.isTextual() ? value.textValue() : value.toString();
  }

  private static Settings settings(List<String> overrides) {
    List<String> all = new ArrayList<>(overrides);
    all.add("train.optimizer.name=sgd");
    all.add("train.optimizer.learning-rate=0.2");
    return Settings.load(null, all);
  }
}
