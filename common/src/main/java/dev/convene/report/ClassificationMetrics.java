package dev.convene.report;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Accuracy, and precision, recall and F1 by class. Where a ratio is 0/0 (a class that is never
 * predicted, or never occurs) it is defined as 0, as MLlib and scikit-learn do.
 */
public final class ClassificationMetrics implements Metrics {
  private final long[][] confusionMatrix;
  private final long rows;
  private final double loss;

  /**
   * Metrics of counts [label][prediction], K x K, and the sum of the loss over all rows.
   *
   * @throws IllegalArgumentException if the matrix is not square or counts no rows
   */
  public ClassificationMetrics(long[][] confusionMatrix, double totalLoss) {
    for (long[] row : confusionMatrix) {
      if (row.length != confusionMatrix.length) {
        throw new IllegalArgumentException("The confusion matrix is not square.");
      }
    }
    this.confusionMatrix = copy(confusionMatrix);
    rows = Arrays.stream(confusionMatrix).flatMapToLong(Arrays::stream).sum();
    if (rows == 0) {
      throw new IllegalArgumentException("Metrics need at least one row.");
    }
    loss = totalLoss / rows;
  }

  @Override
  public long rows() {
    return rows;
  }

  @Override
  public double loss() {
    return loss;
  }

  /** The share of rows whose prediction is their label. */
  public double accuracy() {
    return (double) classes().mapToLong(this::correct).sum() / rows;
  }

  /** Counts [label][prediction]; a copy. */
  public long[][] confusionMatrix() {
    return copy(confusionMatrix);
  }

  /** By class: the share of its predictions that are right. */
  public double[] precision() {
    return classes().mapToDouble(k -> ratio(correct(k), predicted(k))).toArray();
  }

  /** By class: the share of its rows that are found. */
  public double[] recall() {
    return classes().mapToDouble(k -> ratio(correct(k), labelled(k))).toArray();
  }

  /** By class: the harmonic mean of precision and recall. */
  public double[] f1() {
    return classes().mapToDouble(k -> ratio(2 * correct(k), predicted(k) + labelled(k))).toArray();
  }

  @Override
  public String summary() {
    return String.format(
        Locale.ROOT, "accuracy %.4f on %d test rows, loss %.4f", accuracy(), rows, loss);
  }

  private IntStream classes() {
    return IntStream.range(0, confusionMatrix.length);
  }

  private long correct(int k) {
    return confusionMatrix[k][k];
  }

  private long labelled(int k) {
    return LongStream.of(confusionMatrix[k]).sum();
  }

  private long predicted(int k) {
    return Arrays.stream(confusionMatrix).mapToLong(row -> row[k]).sum();
  }

  private static double ratio(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  private static long[][] copy(long[][] matrix) {
    return Arrays.stream(matrix).map(long[]::clone).toArray(long[][]::new);
  }
}
