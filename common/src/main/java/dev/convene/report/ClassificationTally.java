package dev.convene.report;

import dev.convene.stats.ExactSum;
import java.io.Serializable;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Collects predictions for {@link ClassificationMetrics}. Sums are exact: the metrics do not depend
 * on the order in which rows are added and parts merged.
 */
public final class ClassificationTally implements Serializable {
  private static final long serialVersionUID = 1;
  private static final int BINS = 10;

  private final long[][] confusionMatrix;
  private final ExactSum loss = new ExactSum();
  private final long[] rows = new long[BINS];
  private final long[] right = new long[BINS];
  private final ExactSum[] probabilities =
      Stream.generate(ExactSum::new).limit(BINS).toArray(ExactSum[]::new);

  public ClassificationTally(int classes) {
    confusionMatrix = new long[classes][classes];
  }

  /**
   * Adds a row.
   *
   * @param probability of the predicted class
   */
  public void add(int label, int prediction, double probability, double rowLoss) {
    confusionMatrix[label][prediction]++;
    loss.add(rowLoss);
    int bin = bin(probability);
    rows[bin]++;
    right[bin] += label == prediction ? 1 : 0;
    probabilities[bin].add(probability);
  }

  /** Adds the rows of another, which keeps its own. */
  public void add(ClassificationTally other) {
    for (int label = 0; label < confusionMatrix.length; label++) {
      addTo(confusionMatrix[label], other.confusionMatrix[label]);
    }
    loss.add(other.loss);
    addTo(rows, other.rows);
    addTo(right, other.right);
    for (int bin = 0; bin < BINS; bin++) {
      probabilities[bin].add(other.probabilities[bin]);
    }
  }

  /**
   * The metrics of all rows.
   *
   * @param areas of a binary classifier
   * @throws IllegalArgumentException if there are no rows
   */
  public ClassificationMetrics metrics(Optional<AreasUnderCurves> areas) {
    return new ClassificationMetrics(
        confusionMatrix,
        loss.doubleValue(),
        IntStream.range(0, BINS).mapToObj(this::calibration).toList(),
        areas);
  }

  private CalibrationBin calibration(int bin) {
    double count = rows[bin];
    return new CalibrationBin(
        rows[bin], probabilities[bin].doubleValue() / count, right[bin] / count);
  }

  /** Bin i has the probabilities in (i / 10, (i + 1) / 10], the first one 0 too. */
  private static int bin(double probability) {
    return Math.max(0, (int) Math.ceil(probability * BINS) - 1);
  }

  private static void addTo(long[] sums, long[] values) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += values[i];
    }
  }
}
