package dev.convene.preprocess;

/** What stands in for a missing number: null or NaN. Missing categories have their own slot. */
public enum Missing {
  /** Nothing: a missing number is refused. */
  ERROR,
  /** The mean of the column's training values. */
  MEAN,
  /** The median: of n sorted training values the one at place ceil(n / 2). */
  MEDIAN,
  /** The most frequent training value, the smallest of several. */
  MODE,
  /** A number of the user's choice. */
  CONSTANT
}
