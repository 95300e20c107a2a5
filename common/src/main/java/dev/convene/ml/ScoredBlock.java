package dev.convene.ml;

import dev.convene.nn.Loss;
import dev.convene.nn.Softmax;
import dev.convene.report.ClassificationTally;
import dev.convene.report.RegressionErrors;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;

/** The outputs and labels of some rows. */
final class ScoredBlock implements Serializable {
  private static final long serialVersionUID = 1;

  private final float[] outputs;
  private final double[] labels;
  private final int width;

  /**
   * @param outputs of the network, [rows][width]
   * @param labels [rows] classes, or [rows][width] numbers
   */
  ScoredBlock(float[] outputs, double[] labels, int width) {
    this.outputs = outputs;
    this.labels = labels;
    this.width = width;
  }

  /**
   * Counts rows of classes.
   *
   * @param thresholds by class; may be null
   */
  void addTo(ClassificationTally tally, double[] thresholds) {
    for (int i = 0; i < labels.length; i++) {
      float[] row = Arrays.copyOfRange(outputs, i * width, (i + 1) * width);
      double[] probabilities = probabilities(i);
      int prediction = Thresholds.predictedClass(row, 0, probabilities, thresholds);
      // A row's own loss: sums of several would tell which rows came together.
      double loss = Loss.SOFTMAX_CROSS_ENTROPY.sum(row, new float[] {(float) labels[i]}, 1, width);
      tally.add((int) labels[i], prediction, probabilities[prediction], loss);
    }
  }

  /** Adds rows of numbers. */
  void addTo(RegressionErrors errors) {
    for (int at = 0; at < outputs.length; at += width) {
      errors.add(Arrays.copyOfRange(labels, at, at + width), outputs(at));
    }
  }

  /** For {@link ScoreCurves}: scored by the probability of class 1. */
  Iterator<Row> curveRows() {
    return IntStream.range(0, labels.length)
        .mapToObj(i -> ScoreCurves.row(probabilities(i)[1], labels[i] == 1))
        .iterator();
  }

  private double[] probabilities(int row) {
    double[] probabilities = outputs(row * width);
    Softmax.inPlace(probabilities);
    return probabilities;
  }

  private double[] outputs(int at) {
    double[] ofRow = new double[width];
    for (int i = 0; i < width; i++) {
      ofRow[i] = outputs[at + i];
    }
    return ofRow;
  }
}
