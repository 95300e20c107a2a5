package dev.convene.ml;

import dev.convene.ConveneException;
import dev.convene.nn.Network;
import dev.convene.report.Evaluated;
import dev.convene.report.Metrics;
import dev.convene.train.EpochRecord;
import java.util.List;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;

/**
 * What Convene's models offer beside what spark.ml asks of them.
 *
 * @since 0.1.0
 */
public sealed interface NeuralNetworkModel extends NeuralNetworkParams, MLWritable
    permits NeuralNetworkClassificationModel, NeuralNetworkRegressionModel {

  /** The network with all that is known of it: of this package only. */
  TrainedNetwork trained();

  /** What the model computes. */
  default Network network() {
    return trained().network();
  }

  /** A copy of its parameters, in the order that {@link Network} defines. */
  default float[] parameters() {
    return trained().parameters().clone();
  }

  /** How many workers trained it; 0 if it was trained elsewhere. */
  default int trainingWorkers() {
    return trained().workers();
  }

  /** How training went, an element per epoch. */
  default List<EpochRecord> history() {
    return trained().history();
  }

  /** Whether there is a {@link #summary}: always, also after loading. */
  default boolean hasSummary() {
    return true;
  }

  /** How training went, in MLlib's terms. */
  default TrainingSummary summary() {
    return new TrainingSummary(history(), trainingWorkers());
  }

  /** The column that holds its features. */
  String getFeaturesCol();

  /** The column that holds the label when it is trained or evaluated. */
  String getLabelCol();

  /**
   * Scores labelled rows, which have the model's features and label columns. A classifier's
   * thresholds count, as in transform.
   *
   * @param name the rows', for messages
   * @throws ConveneException (data), maybe as a cause, for no rows, a row without features or
   *     label, a label that the model cannot have, or features of another width; (usage) for
   *     thresholds that are not as many as the classes
   */
  Metrics evaluate(Dataset<?> rows, String name);

  /**
   * The same in one pass with a sample of the rows.
   *
   * @param sampled of these rows
   * @since 0.2.0
   */
  Evaluated evaluate(Dataset<?> rows, String name, SampledColumns sampled);

  @Override
  default MLWriter write() {
    return MllibPersistence.modelWriter(this, trained());
  }
}
