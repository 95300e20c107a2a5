package dev.convene.jobs;

import dev.convene.config.Keys;
import dev.convene.config.Settings;
import dev.convene.data.CsvDialect;
import dev.convene.jobs.OutputDirectory.Kind;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** Predictions as files of any format that Spark writes. */
record PredictionFiles(OutputDirectory directory, Settings settings, SparkSession spark)
    implements PredictionSink {

  static PredictionFiles open(String output, Settings settings, SparkSession spark)
      throws IOException {
    OutputDirectory directory = OutputDirectory.open(Kind.PREDICTIONS, output, settings, spark);
    return new PredictionFiles(directory, settings, spark);
  }

  @Override
  public void prepare(StructType columns) throws IOException {
    Path trial = directory.path("_trial");
    String format = settings.value(Keys.PREDICT_FORMAT);
    Dataset<Row> none = spark.createDataFrame(List.of(), columns);
    WriterOptions.require(
        settings.value(Keys.PREDICT_OPTIONS),
        format,
        options ->
            PredictionSink.writer(none, written(options, format, columns), settings)
                .format(format)
                .mode("overwrite")
                .save(trial.toString()));
    directory.delete(trial);
  }

  @Override
  public void write(Dataset<Row> predictions) throws IOException {
    String format = settings.value(Keys.PREDICT_FORMAT);
    Map<String, String> options =
        written(settings.value(Keys.PREDICT_OPTIONS), format, predictions.schema());
    PredictionSink.writer(predictions, options, settings)
        .format(format)
        .mode("append")
        .save(directory.directory().toString());
  }

  private static Map<String, String> written(
      Map<String, String> chosen, String format, StructType columns) {
    return CsvDialect.isFormat(format)
        ? CsvDialect.options(chosen)
        : WideParquet.options(chosen, format, columns.size());
  }

  @Override
  public void commit(long rows) throws IOException {
    directory.commit();
  }

  @Override
  public void close() throws IOException {
    directory.close();
  }
}
