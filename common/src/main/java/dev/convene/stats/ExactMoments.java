package dev.convene.stats;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.MathContext;

/**
 * Mean and spread of finite values from their exact sum and the exact sum of their squares. The
 * results are rounded from 34 decimal digits, once, and do not depend on any order. Zeros need not
 * be added: the caller counts, and what was counted but not added is zero.
 */
public final class ExactMoments implements Serializable {
  private static final long serialVersionUID = 1;

  private final ExactSum sum = new ExactSum();
  private final ExactSum sumOfSquares = new ExactSum();

  /** Adds {@code x}, a finite value. */
  public void add(double x) {
    sum.add(x);
    sumOfSquares.addSquare(x);
  }

  /** Adds the values of another, which keeps its own. */
  public void add(ExactMoments other) {
    sum.add(other.sum);
    sumOfSquares.add(other.sumOfSquares);
  }

  /** The mean of {@code count} values; count is at least 1. */
  public double mean(long count) {
    return sum.exactValue().divide(BigDecimal.valueOf(count), MathContext.DECIMAL128).doubleValue();
  }

  /** The sum of (x - mean)^2 over {@code count} values; count is at least 1. */
  public double squaredDeviations(long count) {
    return countTimesSquaredDeviations(count)
        .divide(BigDecimal.valueOf(count), MathContext.DECIMAL128)
        .doubleValue();
  }

  /** The square root of the sum of (x - mean)^2 over (count - 1); 0 for a single value. */
  public double sampleStandardDeviation(long count) {
    if (count == 1) {
      return 0;
    }
    BigDecimal pairs = BigDecimal.valueOf(count).multiply(BigDecimal.valueOf(count - 1));
    return countTimesSquaredDeviations(count)
        .divide(pairs, MathContext.DECIMAL128)
        .sqrt(MathContext.DECIMAL128)
        .doubleValue();
  }

  private BigDecimal countTimesSquaredDeviations(long count) {
    return sumOfSquares
        .exactValue()
        .multiply(BigDecimal.valueOf(count))
        .subtract(sum.exactValue().pow(2));
  }
}
