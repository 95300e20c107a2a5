package dev.convene.ml;

import static org.apache.spark.sql.functions.col;

import dev.convene.ConveneException;
import dev.convene.nn.Network;
import dev.convene.train.EpochRecord;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A trained network as one row of Parquet, whose columns are read by their names: {@code
 * formatVersion}, those of a {@link StoredNetwork}, {@code parameters}, {@code workers}, {@code
 * history} and {@code outputNames}, which may be missing.
 *
 * <p>Version 1 had neither {@code formatVersion} nor {@code kind}; version 2 knew four activations,
 * with one slope, and one rate of dropout for all hidden layers. The version rises when a reader of
 * the one before would score otherwise or not at all; not for columns and fields that only add
 * something, for readers ignore what they do not know.
 */
final class TrainedNetworkFile {
  /** The version that is written, and the last that is read. */
  static final int VERSION = 3;

  private static final String FORMAT_VERSION = "formatVersion";
  private static final String PARAMETERS = "parameters";
  private static final String WORKERS = "workers";
  private static final String HISTORY = "history";
  private static final String OUTPUT_NAMES = "outputNames";
  private static final StructType SCHEMA = schema(StoredNetwork.SCHEMA);
  private static final StructType SCHEMA_OF_ALL_FORMATS =
      schema(
          new StructType(
              Stream.of(StoredNetwork.SCHEMA, StoredNetwork.SCHEMA_OF_FORMAT_1)
                  .flatMap(part -> Stream.of(part.fields()))
                  .toArray(StructField[]::new)));

  private TrainedNetworkFile() {}

  private static StructType schema(StructType network) {
    StructType schema = new StructType().add(FORMAT_VERSION, DataTypes.IntegerType);
    for (StructField field : network.fields()) {
      schema = schema.add(field);
    }
    return schema
        .add(PARAMETERS, DataTypes.createArrayType(DataTypes.FloatType))
        .add(WORKERS, DataTypes.IntegerType)
        .add(HISTORY, DataTypes.createArrayType(HistoryRows.SCHEMA))
        .add(OUTPUT_NAMES, DataTypes.createArrayType(DataTypes.StringType));
  }

  static void write(TrainedNetwork trained, SparkSession spark, String path) {
    Map<String, Object> columns = StoredNetwork.columns(trained.network());
    columns.put(FORMAT_VERSION, VERSION);
    columns.put(PARAMETERS, trained.parameters());
    columns.put(WORKERS, trained.workers());
    columns.put(HISTORY, trained.history().stream().map(HistoryRows::of).toArray(Row[]::new));
    columns.put(OUTPUT_NAMES, trained.outputNames().toArray(String[]::new));
    Row row = RowFactory.create(Arrays.stream(SCHEMA.fieldNames()).map(columns::get).toArray());
    spark.createDataFrame(List.of(row), SCHEMA).coalesce(1).write().parquet(path);
  }

  /**
   * @throws ConveneException (data) if it is of a newer version, or what is there makes no network;
   *     what cannot be read at all gives Spark's own exceptions
   */
  static TrainedNetwork read(SparkSession spark, String path) {
    Dataset<Row> file =
        spark
            .read()
            .schema(SCHEMA_OF_ALL_FORMATS)
            // Without it damaged bytes are other parameters.
            .option("parquet.page.verify-checksum.enabled", true)
            .parquet(path);
    requireReadable(onlyRow(file.select(FORMAT_VERSION)));
    Row row = onlyRow(file.drop(PARAMETERS));
    requireColumns(row, List.of(WORKERS, HISTORY));
    requireColumns(row, StoredNetwork.required(row));
    Network network = StoredNetwork.network(row);
    float[] parameters = parameters(file);
    if (parameters.length != network.parameterCount()) {
      throw ConveneException.data(
          "it has %s parameters, but its network of %s inputs and %s outputs has %s",
          parameters.length, network.inputs(), network.outputs(), network.parameterCount());
    }
    List<EpochRecord> history =
        row.<Row>getList(row.fieldIndex(HISTORY)).stream().map(HistoryRows::epoch).toList();
    return new TrainedNetwork(
        network, parameters, row.getAs(WORKERS), history, outputNames(row, network));
  }

  /** None in files that were written before outputs had names. */
  private static List<String> outputNames(Row row, Network network) {
    List<String> names =
        row.getAs(OUTPUT_NAMES) == null ? List.of() : row.getList(row.fieldIndex(OUTPUT_NAMES));
    boolean fit = names.isEmpty() || names.size() == network.outputs();
    if (!fit || names.stream().anyMatch(Objects::isNull)) {
      throw ConveneException.data(
          "its network has %s outputs, but their names are %s", network.outputs(), names);
    }
    return names;
  }

  private static void requireReadable(Row row) {
    Integer version = row.getAs(FORMAT_VERSION);
    if (version != null && version > VERSION) {
      throw ConveneException.data(
          "it is of format version %s, and this version of Convene reads format versions up to %s:"
              + " upgrade Convene, or train the model anew",
          version, VERSION);
    }
  }

  private static Row onlyRow(Dataset<Row> file) {
    List<Row> rows = file.takeAsList(2);
    if (rows.size() != 1) {
      throw notOneRow();
    }
    return rows.get(0);
  }

  private static void requireColumns(Row row, List<String> columns) {
    if (columns.stream().anyMatch(column -> row.getAs(column) == null)) {
      throw notOneRow();
    }
  }

  private static ConveneException notOneRow() {
    return ConveneException.data("its data are not one row with all columns");
  }

  /** Without an object for each. */
  private static float[] parameters(Dataset<Row> file) {
    List<float[]> parameters =
        file.select(PARAMETERS)
            .filter(col(PARAMETERS).isNotNull())
            .as(file.sparkSession().implicits().newFloatArrayEncoder())
            .takeAsList(1);
    if (parameters.isEmpty()) {
      throw notOneRow();
    }
    return parameters.get(0);
  }
}
