package dev.convene.jobs;

import dev.convene.ConveneException;
import dev.convene.SparkError;
import dev.convene.SparkError.Meaning;
import dev.convene.config.Keys;
import dev.convene.config.Settings;
import dev.convene.data.CsvDialect;
import dev.convene.jobs.OutputDirectory.Kind;
import java.io.IOException;
import java.util.Map;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Where predictions go: files, which appear whole or not at all, a table of the catalog, or one of
 * a database. Checked when it is opened, before anything is computed.
 */
final class PredictionSink implements AutoCloseable {
  private static final String TABLE = "table";
  private static final String JDBC = "jdbc";

  private final Settings settings;
  private final String output;

  /** Null for a table. */
  private final OutputDirectory directory;

  private PredictionSink(Settings settings, String output, OutputDirectory directory) {
    this.settings = settings;
    this.output = output;
    this.directory = directory;
  }

  /**
   * Opens predict.output.
   *
   * @throws ConveneException if it is not set, or exists and is not to be overwritten
   */
  static PredictionSink open(Settings settings, SparkSession spark) throws IOException {
    String output =
        settings
            .value(Keys.PREDICT_OUTPUT)
            .orElseThrow(
                () ->
                    ConveneException.usage(
                        "predict.output is not set: name where the predictions go"));
    String format = settings.value(Keys.PREDICT_FORMAT);
    if (!format.equals(TABLE) && !format.equals(JDBC)) {
      return new PredictionSink(
          settings, output, OutputDirectory.open(Kind.PREDICTIONS, output, settings, spark));
    }
    if (format.equals(TABLE)
        && !settings.value(Keys.PREDICT_OVERWRITE)
        && spark.catalog().tableExists(output)) {
      throw ConveneException.data(
          "predict.output, table %s, exists already: choose another, or set predict.overwrite ="
              + " true",
          output);
    }
    return new PredictionSink(settings, output, null);
  }

  /** Writes the predictions and makes them visible. */
  void write(Dataset<Row> predictions) throws IOException {
    String format = settings.value(Keys.PREDICT_FORMAT);
    Map<String, String> chosen = settings.value(Keys.PREDICT_OPTIONS);
    Map<String, String> options = CsvDialect.isFormat(format) ? CsvDialect.options(chosen) : chosen;
    DataFrameWriter<Row> writer =
        predictions
            .write()
            .options(options)
            .partitionBy(settings.value(Keys.PREDICT_PARTITION_BY).toArray(String[]::new));
    try {
      if (directory != null) {
        writer.format(format).mode("append").save(directory.directory().toString());
        directory.commit();
        return;
      }
      writer.mode(settings.value(Keys.PREDICT_OVERWRITE) ? "overwrite" : "errorifexists");
      if (format.equals(TABLE)) {
        writer.saveAsTable(output);
      } else {
        writer.format(JDBC).option("dbtable", output).save();
      }
    } catch (Exception e) { // Spark throws checked ones undeclared.
      if (SparkError.in(e).filter(error -> error.meaning() == Meaning.NO_SUCH_SOURCE).isPresent()) {
        throw ConveneException.usage(
            "predict.format = %s is no format that Spark writes: set it to parquet, csv, json, orc,"
                + " table or another",
            format);
      }
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    if (directory != null) {
      directory.close();
    }
  }
}
