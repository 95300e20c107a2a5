package dev.convene.data;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where rows come from.
 *
 * @param format {@code idx}, {@code cifar10}, {@code image}, {@code csv}, {@code table} (of the
 *     catalog), {@code jdbc} or any other Spark data source
 * @param locations paths on any Hadoop file system, globs allowed, or registered sets ({@code
 *     mnist:train}), read as one; for {@code table} and {@code jdbc} the name of one table
 * @param options of the Spark data source
 * @param columns the names of a csv's columns where it has no header; empty to leave them to Spark
 * @param derive columns that are added or replaced after loading, in this order: a name and its
 *     Spark SQL expression
 */
public record DataSource(
    String format,
    List<String> locations,
    Map<String, String> options,
    List<String> columns,
    Map<String, String> derive)
    implements Serializable {

  public DataSource {
    locations = List.copyOf(locations);
    options = Map.copyOf(options);
    columns = List.copyOf(columns);
    derive = Collections.unmodifiableMap(new LinkedHashMap<>(derive));
  }

  /** A source without options. */
  public static DataSource of(String format, String... locations) {
    return new DataSource(format, List.of(locations), Map.of(), List.of(), Map.of());
  }

  /** This source with other options. */
  public DataSource withOptions(Map<String, String> others) {
    return new DataSource(format, locations, others, columns, derive);
  }

  /** This source with names for a csv's columns. */
  public DataSource withColumns(List<String> names) {
    return new DataSource(format, locations, options, names, derive);
  }

  /** This source with other derived columns. */
  public DataSource withDerived(Map<String, String> expressions) {
    return new DataSource(format, locations, options, columns, expressions);
  }

  DataSource at(List<String> paths) {
    return new DataSource(format, paths, options, columns, derive);
  }

  boolean isFormat(String name) {
    return format.equalsIgnoreCase(name);
  }

  /** Whether its rows are labelled images: a label, features 0..255, and the row in its file. */
  boolean isOfLabelledImages() {
    return isFormat(DataReader.IDX) || isFormat(DataReader.CIFAR10);
  }

  /** How messages name it. */
  @Override
  public String toString() {
    return String.join(", ", locations);
  }
}
