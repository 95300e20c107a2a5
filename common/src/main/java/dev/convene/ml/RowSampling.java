package dev.convene.ml;

import dev.convene.report.EvaluatedRow;
import dev.convene.report.EvaluationSample;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;

/**
 * Chooses rows for a sample while they are evaluated: by a hash of their content, so that they are
 * the same however Spark splits and orders them.
 */
final class RowSampling implements Serializable {
  private static final long serialVersionUID = 1;

  private final SampledColumns columns;
  private final Thresholds thresholds;
  private final int classes;

  /**
   * @param classes 0 of a regression
   */
  RowSampling(SampledColumns columns, Thresholds thresholds, int classes) {
    this.columns = columns;
    this.thresholds = thresholds;
    this.classes = classes;
  }

  EvaluationSample empty() {
    return columns.emptySample(classes);
  }

  /**
   * Offers the rows of a block.
   *
   * @param rows features, label and the sampled columns
   * @param labels [rows] classes, or [rows][outputs] numbers
   */
  void offer(List<Row> rows, double[] labels, BlockOutputs outputs, EvaluationSample sample) {
    if (!columns.isSampling()) {
      return;
    }
    int width = labels.length / rows.size();
    for (int i = 0; i < rows.size(); i++) {
      double[] ofRow = Arrays.copyOfRange(labels, i * width, (i + 1) * width);
      if (classes > 0) {
        offerClassified(rows.get(i), ofRow, outputs, i, sample);
      } else {
        offerRegressed(rows.get(i), ofRow, outputs.ofRow(i), sample);
      }
    }
  }

  private void offerClassified(
      Row row, double[] label, BlockOutputs outputs, int index, EvaluationSample sample) {
    ClassScores scores = outputs.classScores(index);
    double[] probabilities = scores.probabilities();
    int prediction = thresholds.predictedClass(scores);
    double loss = -Math.log(probabilities[(int) label[0]]);
    sample.addScores((int) label[0], probabilities);
    double random = randomRank(row, label);
    sample.offer(random, made(random, row, label, probabilities, prediction, loss));
    if (prediction != (int) label[0]) {
      sample.offerMistake(-loss, made(-loss, row, label, probabilities, prediction, loss));
    }
  }

  private void offerRegressed(
      Row row, double[] labels, double[] predictions, EvaluationSample sample) {
    double loss = 0;
    for (int i = 0; i < labels.length; i++) {
      loss += (labels[i] - predictions[i]) * (labels[i] - predictions[i]) / labels.length;
    }
    double random = randomRank(row, labels);
    sample.offer(random, made(random, row, labels, predictions, -1, loss));
  }

  private Supplier<EvaluatedRow> made(
      double rank, Row row, double[] labels, double[] outputs, int prediction, double loss) {
    return () -> new EvaluatedRow(rank, columns.values(row, 2), labels, outputs, prediction, loss);
  }

  /** In [0, 1). */
  private static double randomRank(Row row, double[] labels) {
    long hash = Arrays.hashCode(labels);
    Vector features = row.getAs(0);
    double[] values =
        features instanceof SparseVector sparse ? sparse.values() : features.toArray();
    for (double value : values) {
      hash = hash * 31 + Double.doubleToLongBits(value);
    }
    return (mixed(hash) >>> 11) * 0x1p-53;
  }

  /**
   * The finalizer of Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014.
   */
  private static long mixed(long hash) {
    long mixed = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }
}
