package dev.convene.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ExactMomentsTest {
  @Test
  void knownMoments() {
    ExactMoments moments = of(2, 4, 4, 4, 5, 5, 7, 9);
    assertThat(moments.mean(8)).isEqualTo(5);
    assertThat(moments.squaredDeviations(8)).isEqualTo(32);
    assertThat(moments.sampleStandardDeviation(8)).isEqualTo(Math.sqrt(32 / 7.0));
  }

  @Test
  void whatIsCountedButNotAddedIsZero() {
    ExactMoments moments = of(6);
    assertThat(moments.mean(3)).isEqualTo(2);
    assertThat(moments.sampleStandardDeviation(3)).isEqualTo(Math.sqrt(12));
  }

  @Test
  void aSmallSpreadFarFromZeroIsNotLost() {
    ExactMoments moments = of(1e15, 1e15 + 1, 1e15 + 2);
    assertThat(moments.mean(3)).isEqualTo(1e15 + 1);
    assertThat(moments.sampleStandardDeviation(3)).isEqualTo(1);
  }

  @Test
  void equalValuesHaveNoSpread() {
    assertThat(of(0.1, 0.1, 0.1).sampleStandardDeviation(3)).isZero();
    assertThat(of(0.1).sampleStandardDeviation(1)).isZero();
  }

  @Test
  void theLargestDoublesDoNotOverflow() {
    ExactMoments moments = of(Double.MAX_VALUE, -Double.MAX_VALUE / 2, -Double.MAX_VALUE / 2);
    assertThat(moments.mean(3)).isZero();
    // Deviations 1, -1/2 and -1/2 of the largest double: sqrt(1.5 / 2) of it.
    assertThat(moments.sampleStandardDeviation(3) / Double.MAX_VALUE)
        .isCloseTo(Math.sqrt(0.75), within(1e-15));
  }

  private static ExactMoments of(double... values) {
    ExactMoments moments = new ExactMoments();
    for (double value : values) {
      moments.add(value);
    }
    return moments;
  }
}
