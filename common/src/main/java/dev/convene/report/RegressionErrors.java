package dev.convene.report;

import dev.convene.stats.ExactMoments;
import dev.convene.stats.ExactSum;
import java.io.Serializable;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Collects labels and predictions for {@link RegressionMetrics}. Sums are exact: the metrics do not
 * depend on the order in which rows are added and parts merged.
 */
public final class RegressionErrors implements Serializable {
  private static final long serialVersionUID = 1;

  private final ExactSum[] squaredErrors;
  private final ExactSum[] absoluteErrors;
  private final ExactMoments[] labels;
  private long rows;

  public RegressionErrors(int outputs) {
    squaredErrors = Stream.generate(ExactSum::new).limit(outputs).toArray(ExactSum[]::new);
    absoluteErrors = Stream.generate(ExactSum::new).limit(outputs).toArray(ExactSum[]::new);
    labels = Stream.generate(ExactMoments::new).limit(outputs).toArray(ExactMoments[]::new);
  }

  /** Adds a row: finite labels, and predictions that may be anything, one for each output. */
  public void add(double[] label, double[] prediction) {
    rows++;
    for (int i = 0; i < labels.length; i++) {
      double error = label[i] - prediction[i];
      squaredErrors[i].addSquare(error);
      absoluteErrors[i].add(Math.abs(error));
      labels[i].add(label[i]);
    }
  }

  /** Adds the rows of another, which keeps its own. */
  public void add(RegressionErrors other) {
    rows += other.rows;
    for (int i = 0; i < labels.length; i++) {
      squaredErrors[i].add(other.squaredErrors[i]);
      absoluteErrors[i].add(other.absoluteErrors[i]);
      labels[i].add(other.labels[i]);
    }
  }

  /**
   * The metrics of all rows.
   *
   * @throws IllegalArgumentException if there are none
   */
  public RegressionMetrics metrics() {
    if (rows == 0) {
      throw new IllegalArgumentException("Metrics need at least one row.");
    }
    return new RegressionMetrics(
        rows, IntStream.range(0, labels.length).mapToObj(this::metrics).toList());
  }

  private RegressionMetrics.Output metrics(int output) {
    double squared = squaredErrors[output].doubleValue();
    double deviations = labels[output].squaredDeviations(rows);
    return new RegressionMetrics.Output(
        squared / rows,
        absoluteErrors[output].doubleValue() / rows,
        deviations == 0 ? Double.NaN : 1 - squared / deviations);
  }
}
