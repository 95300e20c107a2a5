package dev.convene.data;

import dev.convene.ConveneException;
import java.io.IOException;
import java.util.Optional;
import org.apache.commons.lang3.StringUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Paths with characters that Hadoop would take for wildcards, or for the end of a scheme. */
final class LiteralPath {
  private static final String WILDCARDS = "{}[]*?\\";

  private LiteralPath() {}

  /**
   * A location that Hadoop would read otherwise than it is written, as a path that Hadoop reads so.
   *
   * @return empty if Hadoop reads it as it is, or if there is no such path
   * @throws ConveneException (data) if Hadoop has no way to read it
   */
  static Optional<String> of(String location, Configuration hadoop) throws IOException {
    Optional<Path> usual = usual(location);
    boolean hasWildcards = StringUtils.containsAny(location, WILDCARDS);
    if (usual.isPresent() && !hasWildcards) {
      return Optional.empty();
    }
    Path path = usual.orElseGet(() -> new Path(null, null, location));
    FileSystem fileSystem = path.getFileSystem(hadoop);
    if (!exists(path, fileSystem)) {
      return Optional.empty();
    }
    Path whole = fileSystem.makeQualified(path);
    if (hasWildcards && whole.toUri().getPath().contains(":")) {
      throw ConveneException.data(
          "Hadoop cannot read %s: rename what has a colon, or one of %s, in its name",
          location, WILDCARDS);
    }
    return Optional.of(escaped(whole.toString()));
  }

  private static boolean exists(Path path, FileSystem fileSystem) throws IOException {
    try {
      return fileSystem.exists(path);
    } catch (IllegalArgumentException e) {
      // HDFS has no names with a colon: it is a registered data set's, or nothing's.
      return false;
    }
  }

  /** Whether Hadoop reads the location as a path. */
  static boolean isPath(String location) {
    return usual(location).isPresent();
  }

  private static Optional<Path> usual(String location) {
    try {
      return Optional.of(new Path(location));
    } catch (IllegalArgumentException e) {
      // What stands before a colon is no scheme.
      return Optional.empty();
    }
  }

  /** A path as a pattern that matches it alone. */
  static String escaped(String path) {
    return path.replaceAll("[{}\\[\\]*?\\\\]", "\\\\$0");
  }
}
