package dev.convene.jobs;

import dev.convene.ConveneException;
import dev.convene.config.Keys;
import dev.convene.config.Settings;
import java.io.IOException;
import java.util.Map;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Where predictions go, which appear there whole or not at all: {@link #commit} makes them visible,
 * {@link #close} without it leaves everything as it was.
 */
interface PredictionSink extends AutoCloseable {
  /**
   * Checks before anything is computed that rows of these columns can be written with
   * predict.options.
   *
   * @throws ConveneException (usage) naming the option that is wrong
   */
  void prepare(StructType columns) throws IOException;

  /** Writes the predictions aside. */
  void write(Dataset<Row> predictions) throws IOException;

  /**
   * Makes them visible.
   *
   * @param rows how many were written
   */
  void commit(long rows) throws IOException;

  @Override
  void close() throws IOException;

  /** A writer of predictions with these options, by predict.partition-by. */
  static DataFrameWriter<Row> writer(
      Dataset<Row> predictions, Map<String, String> options, Settings settings) {
    return predictions
        .write()
        .options(options)
        .partitionBy(settings.value(Keys.PREDICT_PARTITION_BY).toArray(String[]::new));
  }
}
