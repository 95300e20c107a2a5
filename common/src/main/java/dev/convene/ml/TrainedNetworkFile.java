package dev.convene.ml;

import dev.convene.nn.Activation;
import dev.convene.nn.DenseLayer;
import dev.convene.nn.Loss;
import dev.convene.nn.Network;
import dev.convene.train.EpochRecord;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** A trained network as one row of Parquet. */
final class TrainedNetworkFile {
  private static final StructType SCHEMA =
      StructType.fromDDL(
          "inputs INT, layers ARRAY<INT>, activation STRING, dropout FLOAT, loss STRING, "
              + "parameters ARRAY<FLOAT>, workers INT, history ARRAY<STRUCT<epoch: INT, rounds: INT, "
              + "examples: BIGINT, trainLoss: DOUBLE, trainAccuracy: DOUBLE, validationLoss: DOUBLE, "
              + "validationAccuracy: DOUBLE, learningRate: DOUBLE, seconds: DOUBLE>>");

  private TrainedNetworkFile() {}

  static void write(TrainedNetwork trained, SparkSession spark, String path) {
    Network network = trained.network();
    Row row =
        RowFactory.create(
            network.inputs(),
            network.layers().stream().map(DenseLayer::outputs).toArray(Integer[]::new),
            NeuralNetworkParams.settingName(network.activation()),
            network.dropout(),
            NeuralNetworkParams.settingName(network.loss()),
            trained.parameters(),
            trained.workers(),
            trained.history().stream().map(TrainedNetworkFile::row).toArray(Row[]::new));
    spark.createDataFrame(List.of(row), SCHEMA).coalesce(1).write().parquet(path);
  }

  static TrainedNetwork read(SparkSession spark, String path) {
    Row row = spark.read().schema(SCHEMA).parquet(path).head();
    List<Integer> layers = row.getList(1);
    Network network =
        Network.of(
            row.getInt(0),
            layers.subList(0, layers.size() - 1),
            layers.get(layers.size() - 1),
            NeuralNetworkParams.named(Activation.values(), row.getString(2)),
            row.getFloat(3),
            NeuralNetworkParams.named(Loss.values(), row.getString(4)));
    List<Float> boxed = row.getList(5);
    float[] parameters = new float[boxed.size()];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = boxed.get(i);
    }
    List<EpochRecord> history =
        row.<Row>getList(7).stream().map(TrainedNetworkFile::record).toList();
    return new TrainedNetwork(network, parameters, row.getInt(6), history);
  }

  private static Row row(EpochRecord record) {
    return RowFactory.create(
        record.epoch(),
        record.rounds(),
        record.examples(),
        record.trainLoss(),
        record.trainAccuracy(),
        record.validationLoss(),
        record.validationAccuracy(),
        record.learningRate(),
        record.seconds());
  }

  private static EpochRecord record(Row row) {
    return new EpochRecord(
        row.getInt(0),
        row.getInt(1),
        row.getLong(2),
        row.getDouble(3),
        (Double) row.get(4),
        (Double) row.get(5),
        (Double) row.get(6),
        row.getDouble(7),
        row.getDouble(8));
  }
}
