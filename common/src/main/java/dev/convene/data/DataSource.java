package dev.convene.data;

import dev.convene.ConveneException;
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

  /** This source with other options. */
  DataSource withOptions(Map<String, String> others) {
    return new DataSource(format, locations, others, columns, derive);
  }

  /** This source at other locations. */
  DataSource at(List<String> others) {
    return new DataSource(format, others, options, columns, derive);
  }

  /**
   * The location of a source that has one.
   *
   * @throws ConveneException (usage) if there are several
   */
  String onlyLocation() {
    if (locations.size() > 1) {
      throw ConveneException.usage(
          "%s are several tables: data.format = %s reads one", this, format);
    }
    return locations.get(0);
  }

  /** How messages name it. */
  @Override
  public String toString() {
    return String.join(", ", locations);
  }
}
