package dev.convene.data;

import java.util.List;
import java.util.Map;

/**
 * Where rows come from.
 *
 * @param format {@code idx}, {@code csv}, {@code parquet} or any other Spark data source
 * @param locations paths on any Hadoop file system, globs allowed, or registered splits ({@code
 *     mnist:train}), read as one
 * @param options of the Spark data source
 */
public record DataSource(String format, List<String> locations, Map<String, String> options) {
  /** A source without options. */
  public static DataSource of(String format, String... locations) {
    return new DataSource(format, List.of(locations), Map.of());
  }

  boolean isFormat(String name) {
    return format.equalsIgnoreCase(name);
  }

  /** How messages name it. */
  @Override
  public String toString() {
    return String.join(", ", locations);
  }
}
