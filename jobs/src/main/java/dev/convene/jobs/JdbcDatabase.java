package dev.convene.jobs;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.data.JdbcDrivers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.spark.sql.execution.datasources.jdbc.JDBCOptions;
import org.apache.spark.sql.jdbc.JdbcDialect;
import org.apache.spark.sql.jdbc.JdbcDialects;

/** A database as Spark's jdbc source connects to it, used from the driver. */
final class JdbcDatabase {
  /** Statements on one connection, which is closed after them. */
  @FunctionalInterface
  interface Statements {
    void run(Connection connection) throws SQLException;
  }

  /**
   * A column of a table.
   *
   * @param name as the database spells it
   */
  record TableColumn(String name, String type) {}

  private final JDBCOptions options;
  private final JdbcDialect dialect;

  private JdbcDatabase(JDBCOptions options) {
    this.options = options;
    this.dialect = JdbcDialects.get(options.url());
  }

  /**
   * The database that predict.options name.
   *
   * @throws ConveneException (usage) if they name none, or no driver for it is there
   */
  static JdbcDatabase of(Map<String, String> options, String table) {
    if (options.keySet().stream().noneMatch("url"::equalsIgnoreCase)) {
      throw ConveneException.usage(
          "predict.options.url is not set: name the database, as in jdbc:postgresql://HOST/NAME");
    }
    try {
      WriterOptions.require(options, "jdbc", given -> parsed(given, table));
      return new JdbcDatabase(parsed(options, table));
    } catch (Exception e) { // Scala does not declare what DriverManager throws.
      if (e instanceof SQLException) {
        throw new ConveneException(
            ExitStatus.USAGE,
            "no JDBC driver for predict.options.url: check it, and add the driver's jar to Spark"
                + " (--jars)",
            e);
      }
      throw e;
    }
  }

  private static JDBCOptions parsed(Map<String, String> options, String table) {
    scala.collection.immutable.Map<String, String> parameters =
        scala.collection.immutable.Map$.MODULE$.empty();
    for (Map.Entry<String, String> option : JdbcDrivers.named(options).entrySet()) {
      parameters = parameters.updated(option.getKey(), option.getValue());
    }
    return new JDBCOptions(parameters.updated("dbtable", table));
  }

  String url() {
    return options.url();
  }

  /**
   * Runs statements.
   *
   * @throws ConveneException if the database cannot be reached, or refuses one
   */
  void run(Statements statements) {
    try (Connection connection = dialect.createConnectionFactory(options).apply(-1)) {
      statements.run(connection);
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** What a failure of the database means: a retry helps only if it could not be reached. */
  static ConveneException failure(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    boolean isTransient =
        e instanceof SQLTransientException
            || e instanceof SQLRecoverableException
            || state.startsWith("08")
            || state.startsWith("40");
    ExitStatus status =
        isTransient
            ? ExitStatus.UNAVAILABLE
            : state.startsWith("28") ? ExitStatus.USAGE : ExitStatus.DATA;
    return new ConveneException(
        status,
        "the database of predict.output "
            + (isTransient ? "cannot be reached: " : "refuses: ")
            + ExceptionUtils.getRootCause(e).getMessage()
            + (isTransient ? "; a retry may help" : ""),
        e);
  }

  boolean hasTable(Connection connection, String table) {
    try {
      execute(connection, dialect.getTableExistsQuery(table));
      return true;
    } catch (SQLException noSuchTable) {
      return false;
    }
  }

  /** A table's columns by their names in lower case, in their order. */
  Map<String, TableColumn> columns(Connection connection, String table) throws SQLException {
    Map<String, TableColumn> columns = new LinkedHashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet none = statement.executeQuery(dialect.getSchemaQuery(table))) {
      ResultSetMetaData metadata = none.getMetaData();
      for (int i = 1; i <= metadata.getColumnCount(); i++) {
        TableColumn column =
            new TableColumn(metadata.getColumnName(i), metadata.getColumnTypeName(i));
        columns.put(column.name.toLowerCase(Locale.ROOT), column);
      }
    }
    return columns;
  }

  long count(Connection connection, String table) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet count = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
      count.next();
      return count.getLong(1);
    }
  }

  String quoted(TableColumn column) {
    return dialect.quoteIdentifier(column.name);
  }

  void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
