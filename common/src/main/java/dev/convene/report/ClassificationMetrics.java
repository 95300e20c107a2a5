package dev.convene.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Accuracy, precision, recall and F1 by class, calibration, and of a binary classifier the areas
 * under its curves. Where a ratio is 0/0 (a class that is never predicted, or never occurs) it is
 * defined as 0, as MLlib and scikit-learn do.
 */
public final class ClassificationMetrics implements Metrics {
  private final long[][] confusionMatrix;
  private final long rows;
  private final double loss;
  private final List<CalibrationBin> calibration;
  private final Optional<AreasUnderCurves> areas;

  /**
   * Metrics of counts [label][prediction], K x K, and the sum of the loss over all rows.
   *
   * @param areas of a binary classifier
   * @throws IllegalArgumentException if the matrix is not square or counts no rows
   */
  ClassificationMetrics(
      long[][] confusionMatrix,
      double totalLoss,
      List<CalibrationBin> calibration,
      Optional<AreasUnderCurves> areas) {
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
    this.calibration = List.copyOf(calibration);
    this.areas = areas;
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

  /** The mean of precision over the classes that occur or are predicted. */
  public double macroPrecision() {
    return macroAverage(precision());
  }

  /** The mean of recall over the classes that occur or are predicted. */
  public double macroRecall() {
    return macroAverage(recall());
  }

  /** The mean of F1 over the classes that occur or are predicted. */
  public double macroF1() {
    return macroAverage(f1());
  }

  /** Bin i of ten has the predictions of probability in (i / 10, (i + 1) / 10]; the first 0 too. */
  public List<CalibrationBin> calibration() {
    return calibration;
  }

  /**
   * How far, over all rows, the share of right predictions in a calibration bin is from its mean
   * probability: Guo, Pleiss, Sun, Weinberger, "On calibration of modern neural networks", 2017.
   */
  public double expectedCalibrationError() {
    return calibration.stream()
            .filter(bin -> bin.rows() > 0)
            .mapToDouble(bin -> bin.rows() * Math.abs(bin.shareRight() - bin.meanProbability()))
            .sum()
        / rows;
  }

  /** Of a binary classifier alone. */
  public Optional<AreasUnderCurves> areasUnderCurves() {
    return areas;
  }

  @Override
  public String summary() {
    return String.format(
        Locale.ROOT, "accuracy %.4f on %d test rows, loss %.4f", accuracy(), rows, loss);
  }

  @Override
  public String report(List<String> labels) {
    List<String> names = TextTable.namesOrNumbers(labels, confusionMatrix.length);
    double[] precision = precision();
    double[] recall = recall();
    double[] f1 = f1();
    List<List<String>> byClass = new ArrayList<>();
    byClass.add(List.of("label", "rows", "precision", "recall", "f1"));
    classes()
        .forEach(k -> byClass.add(line(names.get(k), labelled(k), precision[k], recall[k], f1[k])));
    byClass.add(line("macro average", rows, macroPrecision(), macroRecall(), macroF1()));
    List<List<String>> overall = new ArrayList<>();
    overall.add(List.of("accuracy", TextTable.number(accuracy())));
    overall.add(List.of("log loss", TextTable.number(loss)));
    areas.ifPresent(
        area -> {
          overall.add(List.of("area under ROC", TextTable.number(area.roc())));
          overall.add(
              List.of("area under precision-recall", TextTable.number(area.precisionRecall())));
        });
    overall.add(
        List.of("expected calibration error", TextTable.number(expectedCalibrationError())));
    return TextTable.of(byClass) + "\n" + TextTable.of(overall);
  }

  private static List<String> line(
      String name, long rows, double precision, double recall, double f1) {
    return List.of(
        name,
        Long.toString(rows),
        TextTable.number(precision),
        TextTable.number(recall),
        TextTable.number(f1));
  }

  private double macroAverage(double[] byClass) {
    return classes()
        .filter(k -> labelled(k) + predicted(k) > 0)
        .mapToDouble(k -> byClass[k])
        .average()
        .orElseThrow();
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
