package dev.convene.jobs;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.config.Setting;
import java.io.File;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/**
 * A path that a setting names, on any Hadoop file system.
 *
 * @param path qualified by its storage
 */
record StoragePath(FileSystem storage, Path path) {
  private static final Pattern AFTER_AUTHORITY =
      Pattern.compile("(?:[a-zA-Z][a-zA-Z0-9+.-]*:(?://[^/]*)?(?=/))?(.*)", Pattern.DOTALL);

  /** What Hadoop's paths cannot hold, and what Spark takes for a pattern or a list of paths. */
  private static final Pattern SPECIAL = Pattern.compile("[:,*?{}\\[\\]\\\\\\p{Cntrl}]");

  /**
   * Resolves a name.
   *
   * @param role what a message calls it: the setting that names it
   * @throws ConveneException of status USAGE if it names no storage
   */
  static StoragePath of(String role, String name, Configuration hadoop) throws IOException {
    try {
      Path path = new Path(name);
      FileSystem storage = path.getFileSystem(hadoop);
      return new StoragePath(storage, storage.makeQualified(path));
    } catch (IllegalArgumentException | UnsupportedFileSystemException e) {
      throw new ConveneException(
          ExitStatus.USAGE, role + ": " + name + " names no storage: " + e.getMessage(), e);
    }
  }

  /**
   * Checks that what is written there can be read again.
   *
   * @throws ConveneException of status USAGE if the name has a character that Hadoop or Spark would
   *     take for something else
   */
  static void requirePlain(Setting<?> setting, String name) {
    Matcher path = AFTER_AUTHORITY.matcher(name);
    Matcher special = SPECIAL.matcher(path.matches() ? path.group(1) : name);
    if (special.find()) {
      throw ConveneException.usage(
          "%s %s has a '%s' in its path, which Hadoop cannot hold or Spark reads as a pattern: choose"
              + " a name without : , * ? { } [ ] \\ and line ends",
          setting, name, special.group());
    }
  }

  /** Whether the other is this place, or lies inside it. */
  boolean holds(StoragePath other) throws IOException {
    if (!isSameStorage(other)) {
      return false;
    }
    String inner = other.realPath();
    String outer = realPath();
    return inner.equals(outer) || inner.startsWith(outer.endsWith("/") ? outer : outer + "/");
  }

  private boolean isSameStorage(StoragePath other) {
    try {
      storage.makeQualified(other.path);
      return true;
    } catch (IllegalArgumentException otherStorage) {
      return false;
    }
  }

  /** The path within its storage with links resolved, as far as it exists. */
  private String realPath() throws IOException {
    Path existing = path;
    String rest = "";
    while (!existing.isRoot() && !storage.exists(existing)) {
      rest = "/" + existing.getName() + rest;
      existing = existing.getParent();
    }
    String resolved =
        path.toUri().getScheme().equals("file")
            ? new File(existing.toUri().getPath()).getCanonicalPath()
            : storage.resolvePath(existing).toUri().getPath();
    return resolved.equals("/") && !rest.isEmpty() ? rest : resolved + rest;
  }
}
