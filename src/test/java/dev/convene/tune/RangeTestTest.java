package dev.convene.tune;

import static dev.convene.tune.Verdict.DIVERGES;
import static dev.convene.tune.Verdict.DOES_NOT_FALL;
import static dev.convene.tune.Verdict.FALLS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RangeTestTest {
  /** Before training. */
  private static final double LOSS = 2;

  private final List<Double> order = new ArrayList<>();

  /** Lowest, 0.5, at 0.03; does not fall below about 1.1e-4, and diverges above 1. */
  private static double valley(double rate) {
    double distance = Math.log10(rate / 0.03);
    return rate > 1 ? 1e9 : Math.min(LOSS, 0.5 + 0.25 * distance * distance);
  }

  private List<RateTrial> run(double first, DoubleUnaryOperator loss) {
    return RangeTest.run(
        first,
        rate -> {
          order.add(rate);
          double after = loss.applyAsDouble(rate);
          return new RateTrial(rate, after, after, Double.NaN, Verdict.of(LOSS, after));
        });
  }

  @ParameterizedTest
  @CsvSource({
    "1,       DOES_NOT_FALL, 1",
    "1,       DOES_NOT_FALL, 1.0099",
    "1,       DOES_NOT_FALL, 0.9901",
    "1,       FALLS,         0.99",
    "1,       FALLS,         0",
    "1,       DIVERGES,      1.0101",
    "1.28,    DIVERGES,      976950.81",
    "3.187,   DOES_NOT_FALL, 3.187324",
    "1,       DIVERGES,      NaN",
    "1,       DIVERGES,      Infinity"
  })
  void aVerdictIsByHowMuchTheLossHasChanged(double before, Verdict verdict, double after) {
    assertThat(Verdict.of(before, after)).isEqualTo(verdict);
  }

  @Test
  void fromAGoodRateItLooksTwoRatesUpAndDown() {
    List<RateTrial> trials = run(0.03, RangeTestTest::valley);

    // 3 times 0.03 is 0.09, then 0.3; down 0.009 and 0.003.
    assertThat(trials).extracting(RateTrial::rate).containsExactly(0.003, 0.009, 0.03, 0.09, 0.3);
    assertThat(trials).extracting(RateTrial::verdict).containsOnly(FALLS);
    assertThat(RangeTest.best(trials).orElseThrow().rate()).isEqualTo(0.03);
    assertThat(order).startsWith(0.03).doesNotHaveDuplicates();
  }

  /** The lecture's two wrong rates. */
  @Test
  void itGoesDownByTensWhileTheLossDivergesAndUpWhileItDoesNotFall() {
    List<RateTrial> down = run(1e5, RangeTestTest::valley);

    assertThat(order).startsWith(1e5, 1e4, 1e3, 100.0, 10.0, 1.0);
    assertThat(RangeTest.best(down).orElseThrow().rate()).isEqualTo(0.03);
    // At 1 it falls; 3, 10 and so on are too large.
    assertThat(down)
        .filteredOn(trial -> trial.rate() >= 1)
        .extracting(RateTrial::verdict)
        .containsExactly(FALLS, DIVERGES, DIVERGES, DIVERGES, DIVERGES, DIVERGES, DIVERGES);

    order.clear();
    List<RateTrial> up = run(1e-10, RangeTestTest::valley);

    // At 1e-4 the formula gives 0.5 + 0.25 * 2.48^2 > 2, at 1e-3 0.5 + 0.25 * 1.48^2 = 1.05.
    assertThat(order).startsWith(1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3);
    assertThat(RangeTest.best(up).orElseThrow().rate()).isEqualTo(0.03);
    assertThat(up).extracting(RateTrial::verdict).startsWith(DOES_NOT_FALL).endsWith(FALLS);
  }

  @Test
  void aRateBetweenTooLargeAndTooSmallIsFound() {
    // 1 diverges, 0.1 does nothing, 0.3 is right.
    List<RateTrial> trials = run(1, rate -> rate > 0.5 ? 1e9 : rate < 0.2 ? LOSS : 1);

    assertThat(order).startsWith(1.0, 0.1, 0.3);
    assertThat(RangeTest.best(trials).orElseThrow().rate()).isEqualTo(0.3);
  }

  @Test
  void aboveARateThatDivergesNoneIsTried() {
    // 0.1 diverges, and by chance 0.3 would be the best.
    List<RateTrial> trials = run(0.03, rate -> rate == 0.09 ? 1e9 : rate > 0.1 ? 0.01 : 1);

    assertThat(trials).extracting(RateTrial::rate).endsWith(0.03, 0.09);
    // All that fall are equal: the smallest.
    assertThat(RangeTest.best(trials).orElseThrow().rate()).isEqualTo(trials.get(0).rate());
  }

  /** As of the lecture's eight rows, where the one to validate on is hard to foresee. */
  @Test
  void aSmallRateWhoseLossGrowsByChanceHidesNoLargerOne() {
    List<RateTrial> trials =
        run(1, rate -> rate > 2 ? 50 : rate < 0.2 ? 2.1 : rate < 0.5 ? 1 : 0.5);

    assertThat(trials)
        .extracting(RateTrial::verdict)
        .containsExactly(DIVERGES, FALLS, FALLS, DIVERGES);
    assertThat(RangeTest.best(trials).orElseThrow().rate()).isEqualTo(1);
  }

  @Test
  void whereNothingFallsThereIsNoBestAndAnEnd() {
    List<RateTrial> divergent = run(0.1, rate -> Double.NaN);
    List<RateTrial> idle = run(0.1, rate -> LOSS);

    assertThat(RangeTest.best(divergent)).isEmpty();
    assertThat(divergent).hasSizeBetween(10, 40).extracting(RateTrial::rate).isSorted();
    assertThat(RangeTest.best(idle)).isEmpty();
    assertThat(idle).hasSizeBetween(10, 40);
  }
}
