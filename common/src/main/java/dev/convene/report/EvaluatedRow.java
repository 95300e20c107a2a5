package dev.convene.report;

import java.io.Serializable;

/** A labelled row of test data with what the model made of it: one that a report shows. */
public final class EvaluatedRow implements Serializable {
  private static final long serialVersionUID = 1;

  private final double rank;
  private final Object[] source;
  private final double[] labels;
  private final double[] outputs;
  private final int prediction;
  private final double loss;

  /**
   * A row; the arrays are kept.
   *
   * @param rank by which a {@link RowSample} chooses
   * @param source values of its raw columns, each a number, a text, an image or null
   * @param labels the class, or a regression's numbers
   * @param outputs the classes' probabilities, or a regression's predictions
   * @param prediction the predicted class; -1 of a regression
   */
  public EvaluatedRow(
      double rank,
      Object[] source,
      double[] labels,
      double[] outputs,
      int prediction,
      double loss) {
    this.rank = rank;
    this.source = source;
    this.labels = labels;
    this.outputs = outputs;
    this.prediction = prediction;
    this.loss = loss;
  }

  double rank() {
    return rank;
  }

  /** The value of a raw column: a number, a text, an image or null. */
  public Object source(int column) {
    return source[column];
  }

  /** All values of raw columns; a copy. */
  public Object[] sources() {
    return source.clone();
  }

  /** The class. */
  public int label() {
    return (int) labels[0];
  }

  /** A regression's label for an output. */
  public double label(int output) {
    return labels[output];
  }

  /** A class's probability, or a regression's prediction. */
  public double output(int index) {
    return outputs[index];
  }

  /** The predicted class. */
  public int prediction() {
    return prediction;
  }

  public double loss() {
    return loss;
  }
}
