package dev.convene.data;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Opens Spark's own data sources, and tells their failures as ours. */
final class SparkSource {
  private SparkSource() {}

  static Dataset<Row> load(DataSource source, DataFrameReader reader, List<String> paths) {
    return opened(source, () -> reader.load(paths.toArray(String[]::new)));
  }

  /** A table of the session's catalog. */
  static Dataset<Row> table(SparkSession spark, DataSource source) {
    return opened(source, () -> spark.table(only(source)));
  }

  /** A table of another database. */
  static Dataset<Row> jdbc(SparkSession spark, DataSource source) {
    String table = only(source);
    return opened(
        source,
        () ->
            spark.read().format("jdbc").options(source.options()).option("dbtable", table).load());
  }

  private static String only(DataSource source) {
    if (source.locations().size() > 1) {
      throw ConveneException.usage(
          "%s are several tables: data.format = %s reads one", source, source.format());
    }
    return source.locations().get(0);
  }

  private static Dataset<Row> opened(DataSource source, Supplier<Dataset<Row>> open) {
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
        ConveneException told =
            tell(source, error, ((SparkThrowable) cause).getMessageParameters());
        if (told != null) {
          return told;
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

  /** Spark's errors with a class of their own; null if the class is none of them. */
  private static ConveneException tell(
      DataSource source, String error, Map<String, String> parameters) {
    return switch (error) {
      case "DATA_SOURCE_NOT_FOUND" ->
          ConveneException.usage(
              "%s is no data source that Spark has: set data.format to idx, csv, parquet or another",
              source.format());
      case "PATH_NOT_FOUND" -> ConveneException.data("no such path: %s", parameters.get("path"));
      case "TABLE_OR_VIEW_NOT_FOUND" ->
          ConveneException.data("no such table in the catalog: %s", source);
      case "UNABLE_TO_INFER_SCHEMA" ->
          ConveneException.data(
              "%s has no rows: there is no %s file in it", source, source.format());
      case "COLUMN_ALREADY_EXISTS" ->
          SourceTable.sameName(source, parameters.get("columnName").replaceAll("^`|`$", ""));
      default -> null;
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
