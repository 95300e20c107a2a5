package dev.convene.ml;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import dev.convene.ConveneException;
import dev.convene.blas.NativeBlas;
import dev.convene.nn.Network;
import dev.convene.train.EpochRecord;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** A network, its parameters and how it came to them: what both kinds of model have inside. */
@DefaultSerializer(JavaSerializer.class)
final class TrainedNetwork implements Serializable {
  private static final long serialVersionUID = 1;

  private final Network network;
  private final float[] parameters;
  private final int workers;
  private final List<EpochRecord> history;
  private final List<String> outputNames;

  private transient Broadcast<TrainedNetwork> sent;
  private transient String application;

  TrainedNetwork(Network network, float[] parameters, int workers, List<EpochRecord> history) {
    this(network, parameters, workers, history, List.of());
  }

  /**
   * @param outputNames of a regression's several outputs; empty if they have none
   */
  TrainedNetwork(
      Network network,
      float[] parameters,
      int workers,
      List<EpochRecord> history,
      List<String> outputNames) {
    this.network = network;
    this.parameters = parameters;
    this.workers = workers;
    this.history = List.copyOf(history);
    this.outputNames = List.copyOf(outputNames);
  }

  static TrainedNetwork trainedElsewhere(Network network, float[] parameters) {
    if (parameters.length != network.parameterCount()) {
      throw new IllegalArgumentException(
          "%s parameters for a network of %s"
              .formatted(parameters.length, network.parameterCount()));
    }
    return new TrainedNetwork(network, parameters.clone(), 0, List.of());
  }

  Network network() {
    return network;
  }

  float[] parameters() {
    return parameters;
  }

  /** The number of workers that trained it. */
  int workers() {
    return workers;
  }

  List<EpochRecord> history() {
    return history;
  }

  /** Of a regression's several outputs, in their order; empty if they have none. */
  List<String> outputNames() {
    return outputNames;
  }

  /** The outputs for one row. */
  double[] outputs(Vector features) {
    BlockScorer scorer = rowScorer();
    scorer.features().add(features);
    return scorer.score().ofRow(0);
  }

  /** A scorer of single rows, for the calling thread. */
  BlockScorer rowScorer() {
    return new BlockScorer(network, parameters, 1, NativeBlas.load().blas());
  }

  /** A scorer of many rows, for the calling thread. */
  BlockScorer scorer() {
    return new BlockScorer(network, parameters, NativeBlas.load().blas());
  }

  /**
   * This network on the executors, sent once however often it is asked for. Spark removes it when
   * neither a model nor a DataFrame refers to it any more.
   */
  synchronized Broadcast<TrainedNetwork> sentBy(SparkContext spark) {
    if (!spark.applicationId().equals(application)) {
      application = spark.applicationId();
      // Not this, which refers to the broadcast: it would never become garbage.
      TrainedNetwork value = new TrainedNetwork(network, parameters, workers, history, outputNames);
      sent = JavaSparkContext.fromSparkContext(spark).broadcast(value);
    }
    return sent;
  }

  /**
   * Refuses a schema whose column of features declares another number of them.
   *
   * @throws ConveneException (data) if so, or if the name occurs twice
   */
  void requireInputs(StructType schema, String featuresCol) {
    List<StructField> columns =
        Arrays.stream(schema.fields()).filter(field -> field.name().equals(featuresCol)).toList();
    if (columns.size() > 1) {
      throw ConveneException.data(
          "%s columns are called %s: rename all but the model's features",
          columns.size(), featuresCol);
    }
    for (StructField column : columns) {
      if (!(column.dataType() instanceof VectorUDT)) {
        continue;
      }
      int size = AttributeGroup.fromStructField(column).size();
      if (size >= 0 && size != network.inputs()) {
        throw ConveneException.data(
            "column %s has %s features, but the model was trained on %s",
            featuresCol, size, network.inputs());
      }
    }
  }
}
