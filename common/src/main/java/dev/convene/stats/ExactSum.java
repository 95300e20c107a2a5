package dev.convene.stats;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * The exact sum of doubles and of squares of doubles: the same bits in whatever order values are
 * added and partial sums merged. It is a fixed-point number in digits of 32 bits, each held in a
 * signed long so that carries can wait; only the digits in use are stored, a handful for ordinary
 * data, at most 134. The idea is from Neal, "Fast exact summation using small and large
 * superaccumulators", 2015.
 *
 * <p>Nothing overflows or underflows on the way, not even the square of the largest or of the
 * smallest double. NaN and infinities act as in ordinary addition.
 */
public final class ExactSum implements Serializable {
  private static final long serialVersionUID = 1;

  private static final int DIGIT_BITS = 32;
  private static final long DIGIT_MASK = 0xFFFF_FFFFL;

  /** The square of the smallest double has this exponent; digit 0 starts there. */
  private static final int LOWEST_EXPONENT = 2 * (Double.MIN_EXPONENT - 52);

  /** One addition changes a digit by less than 2^33, so this many stay below 2^61. */
  private static final int MAX_PENDING_ADDITIONS = 1 << 28;

  private long[] digits = {};
  private int lowestDigit;
  private int pendingAdditions;
  private double nonFinite;

  /** Adds {@code x}. */
  public void add(double x) {
    if (!Double.isFinite(x)) {
      nonFinite += x;
    } else if (x != 0) {
      long significand = significand(x);
      add(0, significand, exponent(x), x < 0);
    }
  }

  /** Adds the exact square of {@code x}. */
  public void addSquare(double x) {
    if (!Double.isFinite(x)) {
      nonFinite += x * x;
    } else if (x != 0) {
      long significand = significand(x);
      add(
          Math.multiplyHigh(significand, significand),
          significand * significand,
          2 * exponent(x),
          false);
    }
  }

  /** Adds another sum, which keeps its value. */
  public void add(ExactSum other) {
    nonFinite += other.nonFinite;
    if (other.digits.length == 0) {
      return;
    }
    reserve(other.lowestDigit, other.lowestDigit + other.digits.length - 1);
    for (int i = 0; i < other.digits.length; i++) {
      digits[other.lowestDigit - lowestDigit + i] += other.digits[i];
    }
    countAdditions(other.pendingAdditions);
  }

  /**
   * The sum without any rounding.
   *
   * @throws ArithmeticException if a NaN or an infinity was added
   */
  public BigDecimal exactValue() {
    if (nonFinite != 0) {
      throw new ArithmeticException("The sum is " + nonFinite);
    }
    BigInteger units = BigInteger.ZERO;
    for (int i = digits.length - 1; i >= 0; i--) {
      units = units.shiftLeft(DIGIT_BITS).add(BigInteger.valueOf(digits[i]));
    }
    if (units.signum() == 0) {
      return BigDecimal.ZERO;
    }
    int zeros = units.getLowestSetBit();
    units = units.shiftRight(zeros);
    int exponent = LOWEST_EXPONENT + lowestDigit * DIGIT_BITS + zeros;
    return exponent >= 0
        ? new BigDecimal(units.shiftLeft(exponent))
        : new BigDecimal(units.multiply(BigInteger.valueOf(5).pow(-exponent)), -exponent);
  }

  /** The double nearest to the sum; an infinity beyond the largest double. */
  public double doubleValue() {
    return nonFinite != 0 ? nonFinite : exactValue().doubleValue();
  }

  /** The odd integer m of |x| = m 2^e, below 2^53. */
  private static long significand(double x) {
    long fraction = Double.doubleToRawLongBits(x) & ((1L << 52) - 1);
    long significand = Math.abs(x) < Double.MIN_NORMAL ? fraction : fraction | 1L << 52;
    return significand >>> Long.numberOfTrailingZeros(significand);
  }

  /** The e of |x| = m 2^e. */
  private static int exponent(double x) {
    long bits = Double.doubleToRawLongBits(x);
    // Subnormal doubles have the unit of the smallest normal one.
    int unit = Math.max(Math.getExponent(x), Double.MIN_EXPONENT) - 52;
    return unit + Math.min(52, Long.numberOfTrailingZeros(bits));
  }

  /** Adds (high 2^64 + low) 2^exponent, both words unsigned. */
  private void add(long high, long low, int exponent, boolean negative) {
    int position = exponent - LOWEST_EXPONENT;
    int shift = position % DIGIT_BITS;
    int bits =
        high == 0
            ? Long.SIZE - Long.numberOfLeadingZeros(low)
            : 2 * Long.SIZE - Long.numberOfLeadingZeros(high);
    int lowest = position / DIGIT_BITS;
    int words = (bits + DIGIT_BITS - 1) / DIGIT_BITS;
    reserve(lowest, lowest + words);
    long restHigh = high;
    long restLow = low;
    for (int i = lowest - lowestDigit; i < lowest - lowestDigit + words; i++) {
      long part = (restLow & DIGIT_MASK) << shift;
      long lower = part & DIGIT_MASK;
      long upper = part >>> DIGIT_BITS;
      digits[i] += negative ? -lower : lower;
      digits[i + 1] += negative ? -upper : upper;
      restLow = restLow >>> DIGIT_BITS | restHigh << DIGIT_BITS;
      restHigh >>>= DIGIT_BITS;
    }
    countAdditions(1);
  }

  private void countAdditions(int additions) {
    pendingAdditions += additions;
    if (pendingAdditions >= MAX_PENDING_ADDITIONS) {
      carry();
      pendingAdditions = 1;
    }
  }

  /** Brings all digits but the highest into [0, 2^32); the highest has the sign. */
  private void carry() {
    long carry = 0;
    for (int i = 0; i < digits.length; i++) {
      long digit = digits[i] + carry;
      digits[i] = digit & DIGIT_MASK;
      carry = digit >> DIGIT_BITS;
    }
    if (carry != 0) {
      int highest = lowestDigit + digits.length;
      reserve(highest, highest);
      digits[highest - lowestDigit] = carry;
    }
  }

  /** Makes room for these digits, both included. */
  private void reserve(int lowest, int highest) {
    int end = lowestDigit + digits.length;
    if (digits.length == 0) {
      digits = new long[highest - lowest + 1];
      lowestDigit = lowest;
    } else if (lowest < lowestDigit || highest >= end) {
      int newLowest = Math.min(lowest, lowestDigit);
      long[] wider = new long[Math.max(highest + 1, end) - newLowest];
      System.arraycopy(digits, 0, wider, lowestDigit - newLowest, digits.length);
      digits = wider;
      lowestDigit = newLowest;
    }
  }
}
