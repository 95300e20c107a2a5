package dev.convene.ml;

import dev.convene.nn.Loss;
import dev.convene.report.ClassificationTally;
import dev.convene.report.RegressionErrors;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;

/** What a network gives for some rows, and what it should. */
final class LabelledOutputs implements Serializable {
  private static final long serialVersionUID = 1;

  private final BlockOutputs outputs;
  private final double[] labels;

  /**
   * @param labels [rows] classes, or [rows][outputs] numbers
   */
  LabelledOutputs(BlockOutputs outputs, double[] labels) {
    this.outputs = outputs;
    this.labels = labels;
  }

  /** Counts rows of classes. */
  void addTo(ClassificationTally tally, Thresholds thresholds) {
    float[] targets = new float[labels.length];
    for (int i = 0; i < labels.length; i++) {
      targets[i] = (float) labels[i];
      ClassScores scores = outputs.classScores(i);
      int prediction = thresholds.predictedClass(scores);
      // A row's own loss: sums of several would show which rows came together.
      double loss = outputs.loss(Loss.SOFTMAX_CROSS_ENTROPY, targets, i);
      tally.add((int) labels[i], prediction, scores.probabilities()[prediction], loss);
    }
  }

  /** Adds rows of numbers. */
  void addTo(RegressionErrors errors) {
    int width = labels.length / outputs.rows();
    for (int i = 0; i < outputs.rows(); i++) {
      errors.add(Arrays.copyOfRange(labels, i * width, (i + 1) * width), outputs.ofRow(i));
    }
  }

  /** For {@link ScoreCurves}: scored by the probability of class 1. */
  Iterator<Row> curveRows() {
    return IntStream.range(0, labels.length)
        .mapToObj(i -> ScoreCurves.row(outputs.classScores(i).probabilities()[1], labels[i] == 1))
        .iterator();
  }
}
