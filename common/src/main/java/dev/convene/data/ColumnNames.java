package dev.convene.data;

import dev.convene.ConveneException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Names of columns as users write them, dots and backticks included. */
public final class ColumnNames {
  private ColumnNames() {}

  /** The column of that very name; Spark would take a dot in it for a field's. */
  public static Column column(String name) {
    return functions.col(quoted(name));
  }

  /** The name as Spark SQL reads it. */
  public static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  /**
   * The name, with as many underscores appended as it takes to be none of the others for Spark,
   * which ignores case.
   */
  public static String free(String name, Collection<String> others) {
    String free = name;
    while (others.stream().anyMatch(free::equalsIgnoreCase)) {
      free += "_";
    }
    return free;
  }

  /** The names of the rows' own and derived columns. */
  static List<String> of(Dataset<Row> rows) {
    return Arrays.stream(rows.columns()).filter(name -> !name.equals(MalformedRow.COLUMN)).toList();
  }

  /**
   * Refuses names that Spark, which ignores case, would take for one.
   *
   * @throws ConveneException (data)
   */
  static void requireDistinct(DataSource source, List<String> names) {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(name.toLowerCase(Locale.ROOT))) {
        throw duplicate(source, name);
      }
    }
  }

  static ConveneException duplicate(DataSource source, String name) {
    return ConveneException.data("%s has two columns named %s: rename one of them", source, name);
  }
}
