package dev.convene.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExactSumTest {
  @Test
  void cancellationLosesNothing() {
    assertThat(sum(1e100, 1, -1e100).doubleValue()).isEqualTo(1);
    assertThat(sum(Double.MAX_VALUE, Double.MIN_VALUE, -Double.MAX_VALUE).doubleValue())
        .isEqualTo(Double.MIN_VALUE);
  }

  @Test
  void theResultIsTheNearestDouble() {
    // A hundred times 0.1 as a double is 10.00000000000000055..., one ulp of 10 is 1.8e-15.
    double[] tenths = new double[100];
    Arrays.fill(tenths, 0.1);
    assertThat(sum(tenths).doubleValue()).isEqualTo(10);
    // A tie goes to even, anything above it goes up.
    assertThat(sum(1, 0x1p-53).doubleValue()).isEqualTo(1);
    assertThat(sum(1, 0x1p-53, Double.MIN_VALUE).doubleValue()).isEqualTo(1 + 0x1p-52);
  }

  @Test
  void onlyTheResultOverflows() {
    ExactSum sum = sum(Double.MAX_VALUE, Double.MAX_VALUE);
    assertThat(sum.doubleValue()).isEqualTo(Double.POSITIVE_INFINITY);
    sum.add(-Double.MAX_VALUE);
    assertThat(sum.doubleValue()).isEqualTo(Double.MAX_VALUE);
  }

  @Test
  void agreesWithBigDecimalOverTheWholeRangeOfDoubles() {
    Random random = new Random(1);
    for (int round = 0; round < 50; round++) {
      ExactSum sum = new ExactSum();
      ExactSum squares = new ExactSum();
      BigDecimal expectedSum = BigDecimal.ZERO;
      BigDecimal expectedSquares = BigDecimal.ZERO;
      for (int i = 0; i < 40; i++) {
        double x = anyFinite(random);
        sum.add(x);
        squares.addSquare(x);
        expectedSum = expectedSum.add(new BigDecimal(x));
        expectedSquares = expectedSquares.add(new BigDecimal(x).pow(2));
      }
      assertThat(sum.exactValue()).isEqualByComparingTo(expectedSum);
      assertThat(squares.exactValue()).isEqualByComparingTo(expectedSquares);
    }
  }

  @Test
  void extremesAreExact() {
    for (double x :
        new double[] {Double.MIN_VALUE, Double.MIN_NORMAL, Double.MAX_VALUE, -3, 1 / 3.0, 0}) {
      assertThat(sum(x).exactValue()).isEqualByComparingTo(new BigDecimal(x));
      ExactSum square = new ExactSum();
      square.addSquare(x);
      assertThat(square.exactValue()).isEqualByComparingTo(new BigDecimal(x).pow(2));
    }
  }

  @Test
  void orderAndGroupingDoNotShow() {
    Random random = new Random(2);
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      values.add(random.nextGaussian() * Math.pow(10, random.nextInt(30) - 15));
    }
    BigDecimal expected =
        values.stream().map(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add);
    for (int parts = 1; parts <= 7; parts++) {
      Collections.shuffle(values, random);
      ExactSum[] partial = new ExactSum[parts];
      for (int p = 0; p < parts; p++) {
        partial[p] = new ExactSum();
        for (int i = p; i < values.size(); i += parts) {
          partial[p].add(values.get(i));
        }
      }
      ExactSum total = new ExactSum();
      for (ExactSum part : partial) {
        total.add(part);
      }
      assertThat(total.exactValue()).isEqualByComparingTo(expected);
    }
  }

  @Test
  void digitsCarryBeforeTheyOverflow() {
    // Doubling 40 times stands for 2^40 additions, 2^12 times what one digit can hold back.
    ExactSum sum = sum(-0.75, -1e9, 3);
    for (int i = 0; i < 40; i++) {
      sum.add(sum);
    }
    assertThat(sum.exactValue())
        .isEqualByComparingTo(new BigDecimal("-999999997.75").multiply(new BigDecimal(1L << 40)));
  }

  @Test
  void nanAndInfinitiesActAsInAddition() {
    assertThat(sum(1, Double.NEGATIVE_INFINITY).doubleValue()).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(sum(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY).doubleValue()).isNaN();
    ExactSum merged = sum(1);
    merged.add(sum(Double.NaN));
    merged.add(1);
    assertThat(merged.doubleValue()).isNaN();
    assertThatThrownBy(merged::exactValue)
        .isInstanceOf(ArithmeticException.class)
        .hasMessage("The sum is NaN");
  }

  private static ExactSum sum(double... values) {
    ExactSum sum = new ExactSum();
    for (double value : values) {
      sum.add(value);
    }
    return sum;
  }

  private static double anyFinite(Random random) {
    double x = Double.longBitsToDouble(random.nextLong());
    return Double.isFinite(x) ? x : 0;
  }
}
