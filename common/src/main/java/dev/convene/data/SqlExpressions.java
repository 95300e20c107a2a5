package dev.convene.data;

import dev.convene.ConveneException;
import dev.convene.SparkError;
import dev.convene.SparkError.Meaning;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Adds the columns that a source derives by Spark SQL expressions. */
final class SqlExpressions {
  private SqlExpressions() {}

  /**
   * The rows with the source's derived columns. An expression may use the derived columns; one that
   * replaces a column of the rows only after it in the source's order.
   *
   * @throws ConveneException (usage) for an expression that Spark refuses
   */
  static Dataset<Row> derive(DataSource source, Dataset<Row> rows) {
    DerivationOrder order = new DerivationOrder(List.of(rows.columns()));
    Map<String, Column> expressions = new LinkedHashMap<>();
    source
        .derive()
        .forEach(
            (name, sql) -> {
              Column expression = orRefused(source, name, rows, () -> functions.expr(sql));
              expressions.put(name, expression);
              order.add(name, expression);
            });
    List<String> names = List.copyOf(expressions.keySet());
    int[] steps = order.steps();
    int last = IntStream.of(steps).max().orElse(-1);
    Dataset<Row> derived = rows;
    for (int step = 0; step <= last; step++) {
      int current = step;
      Map<String, Column> together = new LinkedHashMap<>();
      IntStream.range(0, steps.length)
          .filter(i -> steps[i] == current)
          .forEach(i -> together.put(names.get(i), expressions.get(names.get(i))));
      derived = with(together, source, derived);
    }
    return last < 1 ? derived : inOrder(names, rows, derived);
  }

  /** The rows with columns added or replaced at once. */
  private static Dataset<Row> with(
      Map<String, Column> columns, DataSource source, Dataset<Row> rows) {
    Map<String, Column> replacing = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    columns.forEach((name, expression) -> replacing.put(name, expression.as(name)));
    List<Column> selected = new ArrayList<>();
    for (String name : rows.columns()) {
      Column replacement = replacing.remove(name);
      selected.add(replacement == null ? ColumnNames.column(name) : replacement);
    }
    columns.keySet().stream().map(replacing::get).filter(Objects::nonNull).forEach(selected::add);
    try {
      return rows.select(selected.toArray(Column[]::new));
    } catch (Exception e) {
      columns.forEach((name, column) -> orRefused(source, name, rows, () -> rows.select(column)));
      throw e;
    }
  }

  /** The columns of the rows, then the others as the source has them. */
  private static Dataset<Row> inOrder(List<String> names, Dataset<Row> rows, Dataset<Row> derived) {
    Map<String, String> held = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    Stream.of(derived.columns()).forEach(name -> held.put(name, name));
    return derived.select(
        Stream.concat(Stream.of(rows.columns()), names.stream())
            .map(held::remove)
            .filter(Objects::nonNull)
            .map(ColumnNames::column)
            .toArray(Column[]::new));
  }

  private static <T> T orRefused(
      DataSource source, String name, Dataset<Row> rows, Supplier<T> made) {
    try {
      return made.get();
    } catch (Exception e) {
      // Spark's sources are Scala, so javac does not know that this may throw an
      // AnalysisException.
      throw e instanceof AnalysisException refusal
          ? refused(name, source, rows, refusal)
          : (RuntimeException) e;
    }
  }

  private static ConveneException refused(
      String name, DataSource source, Dataset<Row> rows, AnalysisException refusal) {
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
    return ConveneException.usage("%s: %s", named(name, source.derive().get(name)), reason);
  }

  /**
   * Describes a failure to compute a derived column, from a row on.
   *
   * @return empty if the expression that failed is none of the source's
   */
  static Optional<String> describe(DataSource source, SparkError error) {
    return source.derive().entrySet().stream()
        .filter(column -> !error.expression().isEmpty())
        .filter(column -> column.getValue().contains(error.expression()))
        .findFirst()
        .map(
            column ->
                "%s: %s: correct the row, or let the expression give null for such a value (try_cast,"
                        .formatted(named(column.getKey(), column.getValue()), error.reason())
                    + " try_divide, ...)");
  }

  private static String named(String name, String sql) {
    return "data.derive." + name + " = " + sql;
  }
}
