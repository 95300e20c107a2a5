package dev.convene.ml;

import dev.convene.nn.Loss;
import dev.convene.report.ClassificationTally;
import dev.convene.report.EvaluationSample;
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

  /** Null but for the last block of a partition. */
  private final EvaluationSample sample;

  /**
   * @param labels [rows] classes, or [rows][outputs] numbers
   * @param sample of all rows of the partition, with its last block; null with the others
   */
  LabelledOutputs(BlockOutputs outputs, double[] labels, EvaluationSample sample) {
    this.outputs = outputs;
    this.labels = labels;
    this.sample = sample;
  }

  /** Adds the partition's sample, if this is its last block. */
  void addTo(EvaluationSample total) {
    if (sample != null) {
      total.add(sample);
    }
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
