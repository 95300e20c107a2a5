package dev.convene.config;

import java.util.function.DoublePredicate;

/**
 * The numbers that a setting allows.
 *
 * @param words completes "a number ..." in a message
 */
record Range(String words, DoublePredicate test) {
  static final Range ANY = new Range("", value -> true);

  /** Zero included, one excluded: a share or a probability. */
  static final Range SHARE = new Range(" in [0, 1)", value -> value >= 0 && value < 1);

  /** Both zero and one excluded. */
  static final Range WITHIN_0_AND_1 = new Range(" in (0, 1)", value -> value > 0 && value < 1);

  /** Both zero and one included. */
  static final Range FROM_0_TO_1 = new Range(" in [0, 1]", value -> value >= 0 && value <= 1);

  static Range atLeast(int least) {
    return new Range(" of at least " + least, value -> value >= least);
  }

  static Range above(int bound) {
    return new Range(" above " + bound, value -> value > bound);
  }

  boolean contains(double value) {
    return test.test(value);
  }
}
