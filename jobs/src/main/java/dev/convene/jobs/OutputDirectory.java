package dev.convene.jobs;

import dev.convene.ConveneException;
import dev.convene.config.Keys;
import dev.convene.config.Setting;
import dev.convene.config.Settings;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A job's output on any Hadoop file system, which appears whole or not at all: {@link #commit}
 * makes it visible, {@link #close} without it leaves everything as it was.
 *
 * <p>Where a rename is atomic, files are written to a hidden sibling that is renamed. Elsewhere, as
 * on object stores, a new output is written in place and one that replaces another to a hidden
 * sibling, which takes its place once it is complete; {@code _SUCCESS} comes last, and {@link
 * #requireComplete} demands it.
 *
 * <p>An output that must appear together with another is first {@linkplain #publish published},
 * which {@link #close} takes back, and {@linkplain #settle settled} once the other is there.
 */
final class OutputDirectory implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OutputDirectory.class);
  private static final Set<String> ATOMIC_RENAME =
      Set.of("file", "hdfs", "viewfs", "webhdfs", "swebhdfs");

  /** The file that is there when all others are complete. */
  static final String SUCCESS = "_SUCCESS";

  /** Kinds of output, by the settings that name its place and allow to replace it. */
  record Kind(Setting<Optional<String>> dir, Setting<Boolean> overwrite) {
    static final Kind TRAINING = new Kind(Keys.OUTPUT_DIR, Keys.OUTPUT_OVERWRITE);
    static final Kind PREDICTIONS = new Kind(Keys.PREDICT_OUTPUT, Keys.PREDICT_OVERWRITE);
    static final Kind BAD_ROWS = new Kind(Keys.PREDICT_BAD_ROWS, Keys.PREDICT_OVERWRITE);
    static final Kind EXPORT = new Kind(Keys.EXPORT_OUTPUT, Keys.EXPORT_OVERWRITE);
  }

  private enum State {
    OPEN,
    /** Nothing is to appear. */
    LEFT_OUT,
    /** Visible, and can be taken back. */
    PUBLISHED,
    /** For good. */
    SETTLED
  }

  private final Kind kind;
  private final FileSystem storage;
  private final String name;
  private final Path target;
  private final boolean overwrite;

  /** Where the files are written; null until it is begun. */
  private Path written;

  /** Where an older output is kept until this one is settled; null if there is none. */
  private Path older;

  private State state = State.OPEN;

  private OutputDirectory(Kind kind, StoragePath place, String name, boolean overwrite) {
    this.kind = kind;
    this.storage = place.storage();
    this.name = name;
    this.target = place.path();
    this.overwrite = overwrite;
  }

  /** The training's output that the settings name, checked up front; empty if they name none. */
  static Optional<OutputDirectory> open(Settings settings, SparkSession spark) throws IOException {
    Optional<String> dir = settings.value(Kind.TRAINING.dir);
    return dir.isEmpty()
        ? Optional.empty()
        : Optional.of(open(Kind.TRAINING, dir.get(), settings, spark));
  }

  /** An output in a place that all who write it share, checked up front. */
  static OutputDirectory open(Kind kind, String dir, Settings settings, SparkSession spark)
      throws IOException {
    SharedStorage storage = SharedStorage.of(settings, spark);
    storage.require(kind.dir, dir);
    return open(kind, dir, settings.value(kind.overwrite), storage.hadoop());
  }

  /**
   * Checks that the output can be written, and where rename is atomic begins it.
   *
   * @param overwrite whether {@link #commit} replaces an older output
   * @throws ConveneException of status DATA if it exists and is not to be overwritten, or if it
   *     holds the working or home directory
   */
  static OutputDirectory open(Kind kind, String dir, boolean overwrite, Configuration hadoop)
      throws IOException {
    StoragePath.requirePlain(kind.dir, dir);
    OutputDirectory output =
        new OutputDirectory(kind, StoragePath.of(kind.dir.key(), dir, hadoop), dir, overwrite);
    output.requireReplaceable();
    if (hasAtomicRename(output.storage)) {
      output.begin();
    }
    return output;
  }

  /**
   * Checks that a job finished writing an output.
   *
   * @throws ConveneException of status DATA if the directory is missing or unfinished
   */
  static void requireComplete(String dir, Configuration hadoop) throws IOException {
    StoragePath output = StoragePath.of(Kind.TRAINING.dir.key(), dir, hadoop);
    FileSystem storage = output.storage();
    if (!storage.exists(output.path())) {
      throw ConveneException.data("there is no output %s", dir);
    }
    if (!hasAtomicRename(storage) && !storage.exists(new Path(output.path(), SUCCESS))) {
      throw ConveneException.data(
          "output %s has no %s: the job that writes it failed or still runs", dir, SUCCESS);
    }
  }

  /** Where to write a file or directory of this name. */
  Path path(String file) throws IOException {
    begin();
    return new Path(written, file);
  }

  /** Where to write it all, a directory that exists. */
  Path directory() throws IOException {
    begin();
    return written;
  }

  /** Where checkpoints of the training that writes this output are: beside it, hidden. */
  Path checkpoints() {
    return hiddenSibling(target, "checkpoints");
  }

  /** Gives a file or directory that was written another place in this output. */
  void move(Path from, String to) throws IOException {
    rename(from, path(to));
  }

  /** Removes a file or directory that was written. */
  void delete(Path file) throws IOException {
    storage.delete(file, true);
  }

  /** Writes a file in UTF-8. */
  void write(String file, String text) throws IOException {
    try (OutputStream stream = storage.create(path(file), true)) {
      stream.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Makes the output visible, in the place of an older one if it is to be overwritten. */
  void commit() throws IOException {
    publish();
    settle();
  }

  /** Decides that there is nothing to write: none appears, and an older one is to be removed. */
  void leaveOut() throws IOException {
    discard();
    older = overwrite ? target : null;
    state = State.LEFT_OUT;
  }

  /**
   * Makes the output visible, unless it is left out, and keeps an older one until it is settled.
   */
  void publish() throws IOException {
    if (state == State.LEFT_OUT) {
      return;
    }
    begin();
    if (hasAtomicRename(storage)) {
      write(SUCCESS, "");
      requireReplaceable();
      replaceAtOnce();
      state = State.PUBLISHED;
    } else {
      replaceInSteps();
      storage.create(new Path(target, SUCCESS), true).close();
    }
    storage.cancelDeleteOnExit(written);
  }

  /** Makes it final, and removes an older one. */
  void settle() {
    state = State.SETTLED;
    try {
      if (older != null) {
        storage.delete(older, true);
      }
    } catch (IOException e) {
      LOG.warn("The output is complete, but an older one could not be deleted: {}", older, e);
    }
  }

  /** Removes the output unless it is settled, and puts back an older one. */
  @Override
  public void close() throws IOException {
    if (state == State.OPEN) {
      discard();
    } else if (state == State.PUBLISHED) {
      storage.delete(target, true);
      if (older != null) {
        rename(older, target);
      }
    }
  }

  private void discard() throws IOException {
    if (written != null) {
      storage.cancelDeleteOnExit(written);
      storage.delete(written, true);
    }
  }

  private void begin() throws IOException {
    if (written != null) {
      return;
    }
    boolean inPlace = !hasAtomicRename(storage) && !storage.exists(target);
    Path begun = inPlace ? target : hiddenSibling(target, UUID.randomUUID().toString());
    boolean created;
    try {
      created = storage.mkdirs(begun);
    } catch (AccessControlException | ParentNotDirectoryException | FileAlreadyExistsException e) {
      created = false;
      LOG.debug("Not created: {}", begun, e);
    }
    if (!created) {
      throw ConveneException.data(
          "%s %s cannot be created: it may lie below a file, or where you must not write",
          kind.dir, name);
    }
    written = begun;
    // Also when the job is interrupted.
    storage.deleteOnExit(written);
  }

  private void replaceAtOnce() throws IOException {
    if (!storage.exists(target)) {
      rename(written, target);
      return;
    }
    Path aside = written.suffix(".old");
    rename(target, aside);
    try {
      rename(written, target);
    } catch (IOException e) {
      rename(aside, target);
      throw e;
    }
    older = aside;
  }

  /** Where a rename is a copy, the older output goes first: it is not worth one, too. */
  private void replaceInSteps() throws IOException {
    if (written.equals(target)) {
      state = State.PUBLISHED;
      return;
    }
    requireReplaceable();
    state = State.SETTLED;
    storage.cancelDeleteOnExit(written);
    try {
      storage.delete(target, true);
      rename(written, target);
    } catch (IOException e) {
      throw new IOException(
          "the output is complete, but could not be moved from %s to %s: move it by hand"
              .formatted(written, target),
          e);
    }
  }

  private void rename(Path from, Path to) throws IOException {
    if (!storage.rename(from, to)) {
      throw new IOException("cannot rename " + from + " to " + to);
    }
  }

  private void requireReplaceable() throws IOException {
    requireReplaceable(kind, new StoragePath(storage, target), name, overwrite);
  }

  /**
   * Checks that there is nothing, or what may be replaced.
   *
   * @throws ConveneException of status DATA if it exists and is not to be overwritten, or if it
   *     holds the working or home directory
   */
  static void requireReplaceable(Kind kind, StoragePath place, String name, boolean overwrite)
      throws IOException {
    FileSystem storage = place.storage();
    if (!storage.exists(place.path())) {
      return;
    }
    if (!overwrite) {
      throw ConveneException.data(
          "%s %s exists already: choose another, or set %s = true", kind.dir, name, kind.overwrite);
    }
    if (holds(place.path(), storage.getHomeDirectory())
        || holds(place.path(), storage.makeQualified(storage.getWorkingDirectory()))) {
      throw ConveneException.data(
          "%s %s holds your home or the working directory, which is never replaced: choose another",
          kind.dir, name);
    }
  }

  private static boolean holds(Path target, Path path) {
    for (Path ancestor = path; ancestor != null; ancestor = ancestor.getParent()) {
      if (ancestor.equals(target)) {
        return true;
      }
    }
    return false;
  }

  /** A file or directory beside another one, which listings do not show. */
  static Path hiddenSibling(Path target, String suffix) {
    Path parent = target.isRoot() ? target : target.getParent();
    return new Path(parent, "._" + target.getName() + "." + suffix);
  }

  static boolean hasAtomicRename(FileSystem storage) {
    return ATOMIC_RENAME.contains(storage.getUri().getScheme());
  }
}
