package dev.convene.ml;

import dev.convene.ConveneException;
import dev.convene.nn.Network;
import dev.convene.report.Metrics;
import dev.convene.train.EpochRecord;
import java.util.List;
import org.apache.spark.sql.Dataset;

/** What Convene's models can tell beside what spark.ml asks of them. */
public interface NeuralNetworkModel {
  /** What the model computes. */
  Network network();

  /** A copy of its parameters, in the order that {@link Network} tells. */
  float[] parameters();

  /** How many workers trained it. */
  int trainingWorkers();

  /** The column that holds its features. */
  String getFeaturesCol();

  /** The column that holds the label when it is trained or evaluated. */
  String getLabelCol();

  /** How training went, an element per epoch. */
  List<EpochRecord> history();

  /** Whether there is a {@link #summary}: always, also after loading. */
  default boolean hasSummary() {
    return true;
  }

  /** How training went, in MLlib's terms. */
  default TrainingSummary summary() {
    return new TrainingSummary(history(), trainingWorkers());
  }

  /**
   * Scores labelled rows, which have the model's features and label columns. A classifier's
   * thresholds count, as in transform.
   *
   * @param what the rows, as a message names them
   * @throws ConveneException (data), maybe as a cause, for no rows, a row without features or
   *     label, a label that the model cannot have, or features of another width; (usage) for
   *     thresholds that are not as many as the classes
   */
  Metrics evaluate(Dataset<?> rows, String what);
}
