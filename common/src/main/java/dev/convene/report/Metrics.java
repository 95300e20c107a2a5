package dev.convene.report;

import java.util.List;

/** What a model reaches on rows that were not used to train it. */
public sealed interface Metrics permits ClassificationMetrics, RegressionMetrics {
  /** The last line of standard output when there is nothing to measure on. */
  String NO_TEST_DATA = "trained, no test data";

  /** The number of rows, at least 1. */
  long rows();

  /** The mean loss: cross-entropy over rows, or squared error over rows and outputs. */
  double loss();

  /** The last line of standard output: {@code accuracy 0.9231 on 10000 test rows, loss 0.2749}. */
  String summary();

  /**
   * A table for people to read, of several lines: a line for each class or output, then what holds
   * for all.
   *
   * @param labels the names of the classes or outputs; empty if they have none
   * @throws IllegalArgumentException if the names are not as many as the classes or outputs
   */
  String report(List<String> labels);
}
