package dev.convene.data;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Sources and columns as tests want them: nothing but the parts that a case is about. */
public final class Sources {
  private Sources() {}

  /** A source without options. */
  public static DataSource of(String format, String... locations) {
    return new DataSource(format, List.of(locations), Map.of(), List.of(), Map.of());
  }

  /** The source with other locations. */
  static DataSource at(DataSource source, List<String> locations) {
    return new DataSource(
        source.format(), locations, source.options(), source.columns(), source.derive());
  }

  /** The source with other options. */
  public static DataSource withOptions(DataSource source, Map<String, String> options) {
    return new DataSource(
        source.format(), source.locations(), options, source.columns(), source.derive());
  }

  /** The source with names for a csv's columns. */
  static DataSource withColumns(DataSource source, List<String> names) {
    return new DataSource(
        source.format(), source.locations(), source.options(), names, source.derive());
  }

  /** The source with other derived columns. */
  public static DataSource withDerived(DataSource source, Map<String, String> expressions) {
    return new DataSource(
        source.format(), source.locations(), source.options(), source.columns(), expressions);
  }

  /** One label and numeric features without missing values. */
  public static TableColumns columns(String label, String... features) {
    return new TableColumns(
        List.of(label), Optional.empty(), List.of(features), Set.of(), false, false);
  }
}
