package dev.convene.data;

import dev.convene.ConveneException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Resolves the columns that were asked for against those that a table has. */
final class RequestedColumns {
  private RequestedColumns() {}

  /**
   * The columns with their features named: those asked for, else all columns but labels, weight and
   * the origin of a row.
   *
   * @throws ConveneException if a column is missing or has two uses, or no feature is left
   */
  static TableColumns resolve(SourceTable table, TableColumns columns) {
    columns.requireDistinct(table.source());
    requirePresent(table, columns);
    TableColumns resolved =
        columns.features().isEmpty() ? columns.withFeatures(others(table, columns)) : columns;
    resolved.requireCategoricalInUse(table.source());
    return resolved;
  }

  private static void requirePresent(SourceTable table, TableColumns columns) {
    List<String> names = table.names();
    Set<String> missing = new LinkedHashSet<>(columns.labels());
    columns.weight().ifPresent(missing::add);
    missing.addAll(columns.features());
    columns.categorical().stream().sorted().forEach(missing::add);
    names.forEach(missing::remove);
    if (!missing.isEmpty()) {
      throw ConveneException.data(
          "%s has no column%s %s; it has %s%s",
          table.source(),
          missing.size() == 1 ? "" : "s",
          String.join(", ", missing),
          String.join(", ", names),
          table.format().missingColumnHint(names));
    }
  }

  private static List<String> others(SourceTable table, TableColumns columns) {
    Set<String> taken = new LinkedHashSet<>(columns.labels());
    columns.weight().ifPresent(taken::add);
    List<String> others = table.namesBut(taken);
    if (others.isEmpty()) {
      throw ConveneException.data(
          columns.labels().size() == 1 && columns.weight().isEmpty()
              ? "%s has no features: its only column is the label, %s"
              : "%s has no features: its only columns are %s",
          table.source(),
          String.join(", ", taken));
    }
    return others;
  }
}
