package dev.convene.data;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Opens Spark's own data sources, and tells their failures as ours. */
final class SparkSource {
  private SparkSource() {}

  static Dataset<Row> load(DataSource source, DataFrameReader reader) {
    try {
      return reader.load(source.locations().toArray(String[]::new));
    } catch (Exception e) {
      throw explain(source, e);
    }
  }

  private static RuntimeException explain(DataSource source, Exception failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String error = cause instanceof SparkThrowable known ? known.getErrorClass() : null;
      if ("DATA_SOURCE_NOT_FOUND".equals(error)) {
        return ConveneException.usage(
            "%s is no data source that Spark has: set data.format to idx, csv, parquet or another",
            source.format());
      }
      if (cause instanceof UnsupportedFileSystemException) {
        return ConveneException.usage("%s names no storage: %s", source, cause.getMessage());
      }
      if ("PATH_NOT_FOUND".equals(error)) {
        return ConveneException.data(
            "no such path: %s", ((SparkThrowable) cause).getMessageParameters().get("path"));
      }
      if (cause instanceof AnalysisException || "CANNOT_READ_FILE_FOOTER".equals(error)) {
        return new ConveneException(
            ExitStatus.DATA,
            "cannot read " + source + " as " + source.format() + ": " + cause.getMessage(),
            failure);
      }
    }
    return failure instanceof RuntimeException unchecked
        ? unchecked
        : new ConveneException(
            ExitStatus.UNAVAILABLE, "cannot read " + source + ": " + failure.getMessage(), failure);
  }
}
