package dev.convene.jobs;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.config.Keys;
import dev.convene.config.Settings;
import dev.convene.data.JdbcDrivers;
import dev.convene.jobs.JdbcDatabase.TableColumn;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Predictions as a table of a database. Spark commits each partition by itself, so the rows go to a
 * table beside it first, are counted, and are copied from there in one transaction.
 */
final class PredictionDatabase implements PredictionSink {
  private static final Logger LOG = LoggerFactory.getLogger(PredictionDatabase.class);
  static final String FORMAT = "jdbc";

  private final Settings settings;
  private final SparkSession spark;
  private final JdbcDatabase database;
  private final String target;
  private final String staging;
  private StructType columns;
  private boolean stagingStays;

  private PredictionDatabase(
      String target, JdbcDatabase database, Settings settings, SparkSession spark) {
    this.settings = settings;
    this.spark = spark;
    this.database = database;
    this.target = target;
    this.staging = beside(target);
  }

  static PredictionDatabase open(String output, Settings settings, SparkSession spark) {
    if (!settings.value(Keys.PREDICT_PARTITION_BY).isEmpty()) {
      throw ConveneException.usage(
          "predict.partition-by makes directories, which predict.format = jdbc does not write");
    }
    JdbcDatabase database = JdbcDatabase.of(settings.value(Keys.PREDICT_OPTIONS), output);
    if (settings.value(Keys.DATA_FORMAT).equalsIgnoreCase(FORMAT)
        && database.url().equals(settings.value(Keys.DATA_OPTIONS).get("url"))
        && settings.value(Keys.PREDICT_INPUT).stream().anyMatch(output::equalsIgnoreCase)) {
      throw ConveneException.usage(
          "predict.output = %s is predict.input, which this job reads: choose another table",
          output);
    }
    PredictionDatabase sink = new PredictionDatabase(output, database, settings, spark);
    database.run(sink::requireReplaceable);
    return sink;
  }

  private void requireReplaceable(Connection connection) {
    if (!settings.value(Keys.PREDICT_OVERWRITE) && database.hasTable(connection, target)) {
      throw ConveneException.data(
          "predict.output, table %s, exists already: choose another, or set predict.overwrite ="
              + " true",
          target);
    }
  }

  /** Creates the table for the rows, empty, and looks at the one that they are to replace. */
  @Override
  public void prepare(StructType columns) {
    this.columns = columns;
    WriterOptions.require(
        settings.value(Keys.PREDICT_OPTIONS),
        FORMAT,
        options -> save(noRows(), options, staging, "overwrite"));
    database.run(
        connection -> {
          if (!connection.getMetaData().supportsTransactions()) {
            LOG.warn(
                "The database has no transactions: if the last step fails, a part of the"
                    + " predictions may be in {}",
                target);
          } else if (database.hasTable(connection, target) && !keepsTable(connection)) {
            LOG.warn(
                "Table {} has other columns than the predictions: it is dropped and created again"
                    + " at the end, which no transaction covers",
                target);
          }
        });
  }

  @Override
  public void write(Dataset<Row> predictions) {
    save(predictions, settings.value(Keys.PREDICT_OPTIONS), staging, "append");
  }

  @Override
  public void commit(long rows) {
    database.run(
        connection -> {
          requireAll(database.count(connection, staging), rows);
          requireReplaceable(connection);
          boolean exists = database.hasTable(connection, target);
          boolean keepsTable = exists && keepsTable(connection);
          if (exists && !keepsTable) {
            stagingStays = true;
            database.execute(connection, "DROP TABLE " + target);
          }
          if (!keepsTable) {
            save(noRows(), settings.value(Keys.PREDICT_OPTIONS), target, "append");
          }
          replaceRows(connection, keepsTable);
          stagingStays = false;
        });
  }

  private static void requireAll(long arrived, long rows) {
    if (arrived != rows) {
      throw new ConveneException(
          ExitStatus.UNAVAILABLE,
          "%s rows came to the database in place of %s, as when a task is lost after it has written;"
                  .formatted(arrived, rows)
              + " a retry may help");
    }
  }

  /** Whether the predictions go into the table as it is. */
  private boolean keepsTable(Connection connection) throws SQLException {
    Map<String, TableColumn> there = database.columns(connection, target);
    Map<String, TableColumn> wanted = database.columns(connection, staging);
    boolean isTruncated =
        settings.value(Keys.PREDICT_OPTIONS).entrySet().stream()
            .anyMatch(
                option ->
                    option.getKey().equalsIgnoreCase("truncate")
                        && option.getValue().equalsIgnoreCase("true"));
    return isTruncated
        ? there.keySet().equals(wanted.keySet())
        : List.copyOf(there.entrySet()).equals(List.copyOf(wanted.entrySet()));
  }

  private void replaceRows(Connection connection, boolean hasOld) throws SQLException {
    Map<String, TableColumn> to = database.columns(connection, target);
    Map<String, TableColumn> from = database.columns(connection, staging);
    String names = to.values().stream().map(database::quoted).collect(Collectors.joining(", "));
    String values =
        to.keySet().stream()
            .map(name -> database.quoted(from.get(name)))
            .collect(Collectors.joining(", "));
    connection.setAutoCommit(false);
    try {
      if (hasOld) {
        database.execute(connection, "DELETE FROM " + target);
      }
      database.execute(
          connection,
          "INSERT INTO %s (%s) SELECT %s FROM %s".formatted(target, names, values, staging));
      connection.commit();
    } catch (SQLException e) {
      connection.rollback();
      connection.setAutoCommit(true);
      if (!hasOld) {
        database.execute(connection, "DROP TABLE " + target);
      }
      throw e;
    }
    connection.setAutoCommit(true);
  }

  @Override
  public void close() {
    if (stagingStays) {
      LOG.warn("The predictions are complete in table {}", staging);
      return;
    }
    try {
      database.run(
          connection -> {
            if (database.hasTable(connection, staging)) {
              database.execute(connection, "DROP TABLE " + staging);
            }
          });
    } catch (RuntimeException e) {
      LOG.warn("Table {} could not be dropped: drop it by hand", staging, e);
    }
  }

  private Dataset<Row> noRows() {
    return spark.createDataFrame(List.of(), columns);
  }

  private static void save(
      Dataset<Row> rows, Map<String, String> options, String table, String mode) {
    try {
      rows.write()
          .format(FORMAT)
          .options(JdbcDrivers.named(options))
          .option("dbtable", table)
          .mode(mode)
          .save();
    } catch (Exception e) { // Scala does not declare what JDBC throws.
      for (Throwable cause : ExceptionUtils.getThrowableList(e)) {
        if (cause instanceof SQLException known) {
          throw JdbcDatabase.failure(known);
        }
      }
      throw e;
    }
  }

  /** A name for a table beside that one, which may be quoted. */
  private static String beside(String table) {
    String suffix = "_" + UUID.randomUUID().toString().substring(0, 8);
    int end = table.length() - (table.matches(".*[\"`\\]]") ? 1 : 0);
    return table.substring(0, end) + suffix + table.substring(end);
  }
}
