package dev.convene.data;

import dev.convene.ConveneException;
import java.util.Map;
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
        throw e instanceof AnalysisException refusal
            ? refused(column, source, derived, refusal)
            : (RuntimeException) e;
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
        String.valueOf(refusal.getErrorClass()).startsWith("UNRESOLVED_COLUMN")
            ? "there is no column %s; %s has %s"
                .formatted(
                    refusal.getMessageParameters().get("objectName"),
                    source,
                    String.join(", ", ColumnNames.of(rows)))
            : firstLine(refusal);
    return ConveneException.usage(
        "data.derive.%s = %s: %s", column.getKey(), column.getValue(), reason);
  }

  /** Spark's words without its error class in brackets, its query, its plan and the position. */
  private static String firstLine(AnalysisException refusal) {
    return refusal
        .getSimpleMessage()
        .strip()
        .lines()
        .findFirst()
        .orElse("")
        .replaceFirst("^\\[[^]]*] ", "")
        .replaceFirst("\\.?(; line \\d+ pos \\d+)?$", "");
  }
}
