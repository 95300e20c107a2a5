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
    float[] targets = new float[labels.length];
    for (int i = 0; i < labels.length; i++) {
      targets[i] = (float) labels[i];
      double[] probabilities = probabilities(i);
      int prediction = Thresholds.predictedClass(outputs(i), probabilities, thresholds);
      // A row's own loss: sums of several would tell which rows came together.
      double loss = Loss.SOFTMAX_CROSS_ENTROPY.ofRow(outputs, targets, i, width);
      tally.add((int) labels[i], prediction, probabilities[prediction], loss);
    }
  }

  /** Adds rows of numbers. */
  void addTo(RegressionErrors errors) {
    for (int i = 0; i < outputs.length / width; i++) {
      errors.add(Arrays.copyOfRange(labels, i * width, (i + 1) * width), outputs(i));
    }
  }

  /** For {@link ScoreCurves}: scored by the probability of class 1. */
  Iterator<Row> curveRows() {
    return IntStream.range(0, labels.length)
        .mapToObj(i -> ScoreCurves.row(probabilities(i)[1], labels[i] == 1))
        .iterator();
  }

  private double[] probabilities(int row) {
    double[] probabilities = outputs(row);
    Softmax.inPlace(probabilities);
    return probabilities;
  }

  private double[] outputs(int row) {
    double[] ofRow = new double[width];
    for (int i = 0; i < width; i++) {
      ofRow[i] = outputs[row * width + i];
    }
    return ofRow;
  }
}
