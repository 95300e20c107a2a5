package dev.convene.ml;

import dev.convene.ConveneException;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.InternalRow;

/** A network on its way to rows of a Dataset, and the columns that it computes for them. */
final class Scoring implements Serializable {
  private static final long serialVersionUID = 1;

  private final Broadcast<TrainedNetwork> network;
  private final String featuresCol;
  private final List<OutputColumn> columns;

  /**
   * @param featuresCol how messages name the features
   */
  Scoring(Broadcast<TrainedNetwork> network, String featuresCol, List<OutputColumn> columns) {
    this.network = network;
    this.featuresCol = featuresCol;
    this.columns = List.copyOf(columns);
  }

  /** A scorer of blocks of rows, for the calling thread. */
  BlockScorer blockScorer() {
    return network.value().scorer();
  }

  /** A scorer of single rows, for the calling thread. */
  BlockScorer rowScorer() {
    return network.value().rowScorer();
  }

  OutputColumn column(int index) {
    return columns.get(index);
  }

  /**
   * Adds a row's features to a block.
   *
   * @param features a vector as VectorUDT stores it, or null
   * @throws ConveneException (data) if they are null, not finite or of another number
   */
  void add(InternalRow features, FeatureBlock block) {
    if (features == null) {
      throw ConveneException.data(
          "column %s of a row to score is null: a row needs its features to be scored",
          featuresCol);
    }
    block.addStored(features);
  }

  @Override
  public String toString() {
    return "network";
  }
}
