package dev.convene.data;

import dev.convene.ConveneException;
import dev.convene.SparkError;
import dev.convene.SparkError.Meaning;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Adds the columns that a source derives by Spark SQL expressions. */
final class SqlExpressions {
  private SqlExpressions() {}

  /**
   * The rows with the source's derived columns, each of which may use those before it.
   *
   * @throws ConveneException (usage) for an expression that Spark refuses
   */
  static Dataset<Row> derive(DataSource source, Dataset<Row> rows) {
    Dataset<Row> derived = rows;
    for (Map.Entry<String, String> column : source.derive().entrySet()) {
      try {
        derived = derived.withColumn(column.getKey(), functions.expr(column.getValue()));
      } catch (Exception e) {
        // Spark's sources are Scala, so javac does not know that this may throw an
        // AnalysisException.
        if (e instanceof AnalysisException refusal) {
          throw refused(column, source, derived, refusal);
        }
        throw e;
      }
    }
    return derived;
  }

  private static ConveneException refused(
      Map.Entry<String, String> column,
      DataSource source,
      Dataset<Row> rows,
      AnalysisException refusal) {
    String reason =
        SparkError.in(refusal)
            .filter(error -> error.meaning() == Meaning.UNRESOLVED_COLUMN)
            .map(
                error ->
                    "there is no column %s; %s has %s"
                        .formatted(
                            error.parameters().get("objectName"),
                            source,
                            String.join(", ", ColumnNames.of(rows))))
            .orElseGet(() -> SparkError.reason(refusal));
    return ConveneException.usage("%s: %s", named(column), reason);
  }

  /**
   * Describes a failure to compute a derived column, from a row on.
   *
   * @return empty if the expression that failed is none of the source's
   */
  static Optional<String> describe(DataSource source, SparkError error) {
    return source.derive().entrySet().stream()
        .filter(column -> column.getValue().contains(error.expression()))
        .findFirst()
        .map(
            column ->
                "%s: %s: correct the row, or let the expression give null for such a value (try_cast,"
                        .formatted(named(column), error.reason())
                    + " try_divide, ...)");
  }

  private static String named(Map.Entry<String, String> column) {
    return "data.derive." + column.getKey() + " = " + column.getValue();
  }
}
