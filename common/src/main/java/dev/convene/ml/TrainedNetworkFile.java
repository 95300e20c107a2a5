package dev.convene.ml;

import static org.apache.spark.sql.functions.col;

import dev.convene.ConveneException;
import dev.convene.nn.Network;
import dev.convene.train.EpochRecord;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A trained network as a row of Parquet, whose columns are read by their names: {@code
 * formatVersion}, those of a {@link StoredNetwork}, {@code parameters}, {@code workers}, {@code
 * history} and {@code outputNames}, which may be missing. More than {@value #BLOCK} parameters go
 * on in further rows, which have nothing but {@code parameters} and {@code block}, their place from
 * 1 on: whoever expects one row refuses them.
 *
 * <p>Version 1 had neither {@code formatVersion} nor {@code kind}; version 2 knew four activations,
 * with one slope, and one rate of dropout for all hidden layers. The version rises when a reader of
 * the one before would score otherwise or not at all; not for columns and fields that only add
 * something, for readers ignore what they do not know.
 */
final class TrainedNetworkFile {
  /** The version that is written, and the last that is read. */
  static final int VERSION = 3;

  /** Parameters in a row. */
  private static final int BLOCK = 1 << 22;

  private static final String FORMAT_VERSION = "formatVersion";
  private static final String PARAMETERS = "parameters";
  private static final String BLOCK_NUMBER = "block";
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
        .add(OUTPUT_NAMES, DataTypes.createArrayType(DataTypes.StringType))
        .add(BLOCK_NUMBER, DataTypes.IntegerType);
  }

  /** The parameters go to the task that writes them as a broadcast, which may be of any size. */
  static void write(TrainedNetwork trained, SparkSession spark, String path) {
    write(trained, BLOCK, spark, path);
  }

  /**
   * @param block the most parameters of a row
   */
  static void write(TrainedNetwork trained, int block, SparkSession spark, String path) {
    Broadcast<TrainedNetwork> sent = trained.sentBy(spark.sparkContext());
    int rows = Math.max(1, (trained.parameters().length + block - 1) / block);
    JavaRDD<Row> blocks =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(IntStream.range(0, rows).boxed().toList(), 1)
            .map(number -> row(sent.value(), number, block));
    spark.createDataFrame(blocks, SCHEMA).write().parquet(path);
  }

  private static Row row(TrainedNetwork trained, int number, int block) {
    float[] all = trained.parameters();
    Map<String, Object> columns =
        number == 0 ? StoredNetwork.columns(trained.network()) : new HashMap<>();
    int end = (int) Math.min(all.length, (number + 1L) * block);
    columns.put(PARAMETERS, Arrays.copyOfRange(all, number * block, end));
    if (number == 0) {
      columns.put(FORMAT_VERSION, VERSION);
      columns.put(WORKERS, trained.workers());
      columns.put(HISTORY, trained.history().stream().map(HistoryRows::of).toArray(Row[]::new));
      columns.put(OUTPUT_NAMES, trained.outputNames().toArray(String[]::new));
    } else {
      columns.put(BLOCK_NUMBER, number);
    }
    return RowFactory.create(Arrays.stream(SCHEMA.fieldNames()).map(columns::get).toArray());
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
    Dataset<Row> head = file.filter(col(BLOCK_NUMBER).isNull());
    requireReadable(onlyRow(head.select(FORMAT_VERSION)));
    Row row = onlyRow(head.drop(PARAMETERS));
    requireColumns(row, List.of(WORKERS, HISTORY));
    requireColumns(row, StoredNetwork.required(row));
    Network network = StoredNetwork.network(row);
    float[] parameters = parameters(file, network);
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

  private static float[] parameters(Dataset<Row> file, Network network) {
    long blocks = file.filter(col(BLOCK_NUMBER).isNotNull()).count();
    List<float[]> parts = new ArrayList<>();
    parts.add(part(file.filter(col(BLOCK_NUMBER).isNull())));
    for (long number = 1; number <= blocks; number++) {
      parts.add(part(file.filter(col(BLOCK_NUMBER).equalTo(number))));
    }
    long length = parts.stream().mapToLong(part -> part.length).sum();
    if (length != network.parameterCount()) {
      throw ConveneException.data(
          "it has %s parameters, but its network of %s inputs and %s outputs has %s",
          length, network.inputs(), network.outputs(), network.parameterCount());
    }
    if (parts.size() == 1) {
      return parts.get(0);
    }
    float[] parameters = new float[network.parameterCount()];
    FloatBuffer filled = FloatBuffer.wrap(parameters);
    parts.forEach(filled::put);
    return parameters;
  }

  /** The parameters of a row, without an object for each. */
  private static float[] part(Dataset<Row> row) {
    List<float[]> part =
        row.select(PARAMETERS)
            .filter(col(PARAMETERS).isNotNull())
            .as(row.sparkSession().implicits().newFloatArrayEncoder())
            .takeAsList(1);
    if (part.isEmpty()) {
      throw notOneRow();
    }
    return part.get(0);
  }
}
