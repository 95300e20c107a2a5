package dev.convene.data;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Opens Spark's data sources, and reports their failures as {@link ConveneException}. */
final class SparkSource {
  private SparkSource() {}

  static Dataset<Row> load(DataSource source, DataFrameReader reader, List<String> paths) {
    return open(source, () -> reader.load(paths.toArray(String[]::new)));
  }

  /** Files of the source's format, with its options as they are. */
  static Dataset<Row> load(SparkSession spark, DataSource source, List<String> paths) {
    return load(source, spark.read().format(source.format()).options(source.options()), paths);
  }

  static Dataset<Row> open(DataSource source, Supplier<Dataset<Row>> open) {
    try {
      return open.get();
    } catch (Exception e) {
      throw explain(source, e);
    }
  }

  private static RuntimeException explain(DataSource source, Exception failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConveneException known) {
        return known;
      }
      if (cause instanceof UnsupportedFileSystemException) {
        return ConveneException.usage("%s names no storage: %s", source, cause.getMessage());
      }
      if (cause instanceof SQLException) {
        return "No suitable driver".equals(cause.getMessage())
            ? ConveneException.usage(
                "no JDBC driver for the table %s: check data.options.url, and add the driver's jar"
                    + " to Spark (--jars)",
                source)
            : cannotRead(ExitStatus.UNAVAILABLE, source, cause, failure);
      }
      String error = cause instanceof SparkThrowable known ? known.getErrorClass() : null;
      if (error != null) {
        Optional<ConveneException> refusal =
            refusal(source, error, ((SparkThrowable) cause).getMessageParameters());
        if (refusal.isPresent()) {
          return refusal.get();
        }
      }
      if (cause instanceof AnalysisException || "CANNOT_READ_FILE_FOOTER".equals(error)) {
        return cannotRead(ExitStatus.DATA, source, cause, failure);
      }
    }
    return failure instanceof RuntimeException unchecked
        ? unchecked
        : cannotRead(ExitStatus.UNAVAILABLE, source, failure, failure);
  }

  /**
   * The user's mistake that a class of Spark's errors stands for; empty if the class is none of
   * those.
   */
  private static Optional<ConveneException> refusal(
      DataSource source, String errorClass, Map<String, String> parameters) {
    return switch (errorClass) {
      case "DATA_SOURCE_NOT_FOUND" ->
          Optional.of(
              ConveneException.usage(
                  "%s is no data source that Spark has: set data.format to idx, csv, parquet or"
                      + " another",
                  source.format()));
      case "PATH_NOT_FOUND" ->
          Optional.of(ConveneException.data("no such path: %s", parameters.get("path")));
      case "TABLE_OR_VIEW_NOT_FOUND" ->
          Optional.of(ConveneException.data("no such table in the catalog: %s", source));
      case "UNABLE_TO_INFER_SCHEMA" ->
          Optional.of(
              ConveneException.data(
                  "%s has no rows: there is no %s file in it", source, source.format()));
      case "COLUMN_ALREADY_EXISTS" ->
          Optional.of(
              ColumnNames.duplicate(source, parameters.get("columnName").replaceAll("^`|`$", "")));
      default -> Optional.empty();
    };
  }

  private static ConveneException cannotRead(
      ExitStatus status, DataSource source, Throwable cause, Exception failure) {
    return new ConveneException(
        status,
        "cannot read " + source + " as " + source.format() + ": " + cause.getMessage(),
        failure);
  }
}
