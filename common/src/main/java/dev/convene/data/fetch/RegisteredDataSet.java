package dev.convene.data.fetch;

import java.util.List;
import java.util.stream.Stream;

/**
 * A data set that Convene knows by name: pairs of IDX files, one pair a split.
 *
 * @param credit who made it and under which licence, told when it is fetched
 * @param firstLabel the smallest label in the files: 0, or 1 where they count classes from 1
 * @param sources where the files come from, tried in this order
 */
public record RegisteredDataSet(
    String name, String credit, int firstLabel, List<Split> splits, List<Source> sources) {

  /** A part of a data set ({@code train}, {@code test}): a file of images and one of labels. */
  public record Split(String name, Checked images, Checked labels) {
    Stream<Checked> files() {
      return Stream.of(images, labels);
    }
  }

  /**
   * A file by its uncompressed name.
   *
   * @param sha256 of the uncompressed bytes in hexadecimal; null where none is known
   */
  public record Checked(String name, String sha256) {}
}
