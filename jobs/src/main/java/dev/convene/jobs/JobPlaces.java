package dev.convene.jobs;

import dev.convene.ConveneException;
import dev.convene.config.Setting;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.GlobFilter;
import org.apache.hadoop.fs.Path;

/**
 * The places on storage that a job reads and writes. What it writes must lie apart from all that it
 * reads, and from each other: replacing an output would else destroy an input.
 */
final class JobPlaces {
  /**
   * A place.
   *
   * @param words how a message names it
   */
  private record Place(String words, StoragePath path) {
    static Place of(Setting<?> setting, String name, Configuration hadoop) throws IOException {
      return new Place(setting + " = " + name, StoragePath.of(setting.key(), name, hadoop));
    }
  }

  private final Configuration hadoop;
  private final List<Place> read = new ArrayList<>();
  private final List<Place> written = new ArrayList<>();

  JobPlaces(Configuration hadoop) {
    this.hadoop = hadoop;
  }

  /** Adds a path that the job reads, which may be a pattern of paths. */
  JobPlaces reads(Setting<?> setting, String name) throws IOException {
    read.add(Place.of(setting, name, hadoop));
    return this;
  }

  /** Adds the conf, a file of the driver's machine. */
  JobPlaces readsConf(java.nio.file.Path conf) throws IOException {
    String path = "file:" + conf.toAbsolutePath();
    read.add(new Place("the conf " + conf, StoragePath.of("the conf", path, hadoop)));
    return this;
  }

  /** Adds a directory that the job writes. */
  JobPlaces writes(Setting<?> setting, String name) throws IOException {
    StoragePath.requirePlain(setting, name);
    written.add(Place.of(setting, name, hadoop));
    return this;
  }

  /**
   * Checks that no output is, holds or lies inside anything else.
   *
   * @throws ConveneException of status USAGE naming the two places
   */
  void requireApart() throws IOException {
    for (int i = 0; i < written.size(); i++) {
      Place output = written.get(i);
      for (Place input : read) {
        for (StoragePath path : matches(input.path)) {
          requireApart(output, input, path, "which this job reads");
        }
        if (isMatched(output.path.path(), input.path.path())) {
          throw refused(output, "matches", input, "which this job reads");
        }
      }
      for (Place other : written.subList(0, i)) {
        requireApart(output, other, other.path, "which this job writes, too");
      }
    }
  }

  private static void requireApart(Place output, Place other, StoragePath path, String role)
      throws IOException {
    boolean isInside = path.holds(output.path);
    boolean isAround = output.path.holds(path);
    if (isInside || isAround) {
      String relation = !isAround ? "lies inside" : isInside ? "is the same place as" : "holds";
      throw refused(output, relation, other, role);
    }
  }

  private static ConveneException refused(Place output, String relation, Place other, String role) {
    return ConveneException.usage(
        "%s %s %s, %s: choose a place of its own for it",
        output.words, relation, other.words, role);
  }

  /** What a path names: itself, and if it is a pattern all that it matches. */
  private static List<StoragePath> matches(StoragePath pattern) throws IOException {
    List<StoragePath> matches = new ArrayList<>(List.of(pattern));
    FileStatus[] found =
        isPattern(pattern.path()) ? pattern.storage().globStatus(pattern.path()) : null;
    if (found != null) {
      for (FileStatus file : found) {
        matches.add(new StoragePath(pattern.storage(), file.getPath()));
      }
    }
    return matches;
  }

  /** Whether a path that may not exist yet, or one that it lies inside, matches the pattern. */
  private static boolean isMatched(Path path, Path pattern) throws IOException {
    Path part = path;
    while (part.depth() > pattern.depth()) {
      part = part.getParent();
    }
    if (part.depth() < pattern.depth() || !isPattern(pattern)) {
      return false;
    }
    for (Path name = pattern; !name.isRoot(); name = name.getParent(), part = part.getParent()) {
      if (!new GlobFilter(name.getName()).accept(part)) {
        return false;
      }
    }
    return true;
  }

  /** Whether it is a pattern that Hadoop can read; any other is a name. */
  private static boolean isPattern(Path path) {
    boolean hasPattern = false;
    for (Path name = path; !name.isRoot(); name = name.getParent()) {
      try {
        // A backslash stands before a character that is none of a pattern.
        hasPattern |= new GlobFilter(name.getName()).hasPattern() || name.getName().contains("\\");
      } catch (IOException noPattern) {
        return false;
      }
    }
    return hasPattern;
  }
}
