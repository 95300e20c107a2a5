package dev.convene.data.fetch;

import java.util.List;

/**
 * A data set that Convene knows by name.
 *
 * @param credit who made it and under which licence, logged when it is fetched
 * @param format how its files are read: {@code idx}, {@code cifar10} or {@code csv}
 * @param firstLabel the smallest class label in IDX files: 0, or 1 where they count from 1
 * @param sources where the files come from, tried in this order
 */
public record RegisteredDataSet(
    String name,
    String credit,
    String format,
    int firstLabel,
    List<Split> splits,
    List<Source> sources) {

  /** A part of a data set ({@code train}, {@code test}); of IDX files it is a pair. */
  public record Split(String name, List<Checked> files) {}

  /**
   * A file by its uncompressed name.
   *
   * @param sha256 of the uncompressed bytes in hexadecimal; null where none is known
   */
  public record Checked(String name, String sha256) {}
}
