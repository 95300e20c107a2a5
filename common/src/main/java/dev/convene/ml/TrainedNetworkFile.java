package dev.convene.ml;

import dev.convene.ConveneException;
import dev.convene.nn.Activation;
import dev.convene.nn.DenseLayer;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.Loss;
import dev.convene.nn.Network;
import dev.convene.train.DescribedNetwork;
import dev.convene.train.DescribingTrainer;
import dev.convene.train.EpochRecord;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * A trained network as one row of Parquet. A network of dense layers is told by their widths, their
 * activation and dropout, any other by its trainer's description.
 */
final class TrainedNetworkFile {
  private static final String PARAMETERS = "parameters";
  private static final String DESCRIPTION = "description";
  private static final List<String> OF_DENSE_LAYERS = List.of("activation", "dropout");
  private static final StructType SCHEMA =
      StructType.fromDDL(
          "inputs INT, layers ARRAY<INT>, activation STRING, dropout FLOAT, loss STRING, "
              + "description STRING, parameters ARRAY<FLOAT>, workers INT, "
              + "history ARRAY<STRUCT<epoch: INT, rounds: INT, "
              + "examples: BIGINT, trainLoss: DOUBLE, trainAccuracy: DOUBLE, validationLoss: DOUBLE, "
              + "validationAccuracy: DOUBLE, learningRate: DOUBLE, seconds: DOUBLE>>");

  private TrainedNetworkFile() {}

  static void write(TrainedNetwork trained, SparkSession spark, String path) {
    Network network = trained.network();
    Optional<DenseNetwork> dense =
        network instanceof DenseNetwork ofLayers ? Optional.of(ofLayers) : Optional.empty();
    Row row =
        RowFactory.create(
            network.inputs(),
            dense.map(TrainedNetworkFile::widths).orElse(new Integer[] {network.outputs()}),
            dense.map(it -> EnumNames.of(it.activation())).orElse(null),
            dense.map(DenseNetwork::dropout).orElse(null),
            EnumNames.of(network.loss()),
            network instanceof DescribedNetwork described ? described.description() : null,
            trained.parameters(),
            trained.workers(),
            trained.history().stream().map(TrainedNetworkFile::row).toArray(Row[]::new));
    spark.createDataFrame(List.of(row), SCHEMA).coalesce(1).write().parquet(path);
  }

  /**
   * @throws ConveneException (data) if what is there makes no network; what cannot be read at all
   *     gives Spark's own exceptions
   */
  static TrainedNetwork read(SparkSession spark, String path) {
    Dataset<Row> file = spark.read().schema(SCHEMA).parquet(path);
    List<Row> rows = file.drop(PARAMETERS).takeAsList(2);
    if (rows.size() != 1 || !isWhole(rows.get(0))) {
      throw ConveneException.data("its data are not one row with all columns");
    }
    Row row = rows.get(0);
    List<Integer> widths = row.getList(row.fieldIndex("layers"));
    Network network = network(row, widths);
    float[] parameters = parameters(file);
    if (parameters.length != network.parameterCount()) {
      throw ConveneException.data(
          "it has %s parameters, but a network of %s inputs and layers of %s has %s",
          parameters.length, network.inputs(), widths, network.parameterCount());
    }
    List<EpochRecord> history =
        row.<Row>getList(row.fieldIndex("history")).stream()
            .map(TrainedNetworkFile::record)
            .toList();
    return new TrainedNetwork(network, parameters, row.getAs("workers"), history);
  }

  private static boolean isWhole(Row row) {
    boolean isDescribed = row.getAs(DESCRIPTION) != null;
    return Arrays.stream(row.schema().fieldNames())
        .filter(name -> !(isDescribed ? OF_DENSE_LAYERS : List.of(DESCRIPTION)).contains(name))
        .noneMatch(name -> row.getAs(name) == null);
  }

  private static Network network(Row row, List<Integer> widths) {
    int inputs = row.getAs("inputs");
    int last = widths.size() - 1;
    Loss loss = EnumNames.find(Loss.values(), row.getAs("loss")).orElseThrow();
    String description = row.getAs(DESCRIPTION);
    return description == null
        ? DenseNetwork.of(
            inputs,
            widths.subList(0, last),
            widths.get(last),
            EnumNames.find(Activation.values(), row.getAs("activation")).orElseThrow(),
            row.<Float>getAs("dropout"),
            loss)
        : DescribingTrainer.dl4j().network(description, inputs, widths.get(last), loss);
  }

  private static Integer[] widths(DenseNetwork network) {
    return network.layers().stream().map(DenseLayer::outputs).toArray(Integer[]::new);
  }

  /** Without an object for each. */
  private static float[] parameters(Dataset<Row> file) {
    return file.select(PARAMETERS)
        .as(file.sparkSession().implicits().newFloatArrayEncoder())
        .head();
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
