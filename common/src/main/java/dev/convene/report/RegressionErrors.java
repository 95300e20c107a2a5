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
  private final ExactMoments[] labels;
  private long rows;

  public RegressionErrors(int outputs) {
    squaredErrors = Stream.generate(ExactSum::new).limit(outputs).toArray(ExactSum[]::new);
    labels = Stream.generate(ExactMoments::new).limit(outputs).toArray(ExactMoments[]::new);
  }

  /** Adds a row: finite labels, and predictions that may be anything, one for each output. */
  public void add(double[] label, double[] prediction) {
    rows++;
    for (int i = 0; i < labels.length; i++) {
      squaredErrors[i].addSquare(label[i] - prediction[i]);
      labels[i].add(label[i]);
    }
  }

  /** Adds the rows of another, which keeps its own. */
  public void add(RegressionErrors other) {
    rows += other.rows;
    for (int i = 0; i < labels.length; i++) {
      squaredErrors[i].add(other.squaredErrors[i]);
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
    ExactSum total = new ExactSum();
    for (ExactSum part : squaredErrors) {
      total.add(part);
    }
    double loss = total.doubleValue() / rows / labels.length;
    double r2 = IntStream.range(0, labels.length).mapToDouble(this::r2).sum() / labels.length;
    return new RegressionMetrics(rows, loss, r2);
  }

  private double r2(int output) {
    double deviations = labels[output].squaredDeviations(rows);
    return deviations == 0 ? Double.NaN : 1 - squaredErrors[output].doubleValue() / deviations;
  }
}
