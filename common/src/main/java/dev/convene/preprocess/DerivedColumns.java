package dev.convene.preprocess;

import dev.convene.data.ColumnNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.ml.feature.SQLTransformer;

/**
 * Columns that only SQL can add among MLlib's stages: an SQLTransformer is made of them, and read
 * back.
 */
final class DerivedColumns {
  /** What a derived column holds of its source column. */
  enum Kind {
    NUMBER("CAST(%1$s AS DOUBLE)", "_number"),
    TEXT("CAST(%1$s AS STRING)", "_text"),
    VECTOR("%1$s", "_vector"),
    MISSING("CAST(%1$s IS NULL OR isnan(CAST(%1$s AS DOUBLE)) AS DOUBLE)", "_missing");

    private final String expression;
    private final String suffix;

    Kind(String expression, String suffix) {
      this.expression = expression;
      this.suffix = suffix;
    }

    String suffix() {
      return suffix;
    }
  }

  record Derived(Kind kind, String source, String name) {
    String sql() {
      return kind.expression.formatted(ColumnNames.quoted(source))
          + " AS "
          + ColumnNames.quoted(name);
    }
  }

  private static final String HEAD = "SELECT *, ";
  private static final String TAIL = " FROM __THIS__";
  private static final String QUOTED = "`([^`]*+(?:``[^`]*+)*+)`";

  /** Groups: the column's SQL, the source's name quoted for SQL, the name. */
  private static final Pattern COLUMN =
      Pattern.compile(
          "\\G([^`]*" + QUOTED + "(?:[^`]*" + QUOTED + ")*?[^`]* AS `([^`]+)`)(?:, |$)");

  private DerivedColumns() {}

  static SQLTransformer stage(List<Derived> columns) {
    return new SQLTransformer()
        .setStatement(HEAD + String.join(", ", columns.stream().map(Derived::sql).toList()) + TAIL);
  }

  /** The columns that a stage adds; empty if it is not one of ours. */
  static Optional<List<Derived>> of(SQLTransformer stage) {
    String statement = stage.getStatement();
    if (!statement.startsWith(HEAD) || !statement.endsWith(TAIL)) {
      return Optional.empty();
    }
    List<Derived> columns = new ArrayList<>();
    Matcher column =
        COLUMN.matcher(statement.substring(HEAD.length(), statement.length() - TAIL.length()));
    boolean atEnd = false;
    while (!atEnd) {
      Optional<Derived> derived =
          column.find()
              ? parsed(column.group(1), column.group(2).replace("``", "`"), column.group(4))
              : Optional.empty();
      if (derived.isEmpty()) {
        return Optional.empty();
      }
      columns.add(derived.get());
      atEnd = column.end() == column.regionEnd();
    }
    return Optional.of(columns);
  }

  private static Optional<Derived> parsed(String sql, String source, String name) {
    for (Kind kind : Kind.values()) {
      Derived derived = new Derived(kind, source, name);
      if (derived.sql().equals(sql)) {
        return Optional.of(derived);
      }
    }
    return Optional.empty();
  }
}
