package dev.convene.checkpoint;

import dev.convene.ConveneException;
import dev.convene.train.Progress;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A training's checkpoints on any Hadoop file system. Each appears whole: it is written aside and
 * renamed, and where a rename is a copy, its checksums show whether it is complete. One training
 * writes at a time.
 */
public final class CheckpointDirectory {
  private static final String PREFIX = "checkpoint-";
  private static final Path UNFINISHED = new Path("._checkpoint");

  private final Path path;
  private final Configuration hadoop;

  public CheckpointDirectory(Path path, Configuration hadoop) {
    this.path = path;
    this.hadoop = hadoop;
  }

  /**
   * The newest progress that is not damaged, of a training of that fingerprint; empty if there is
   * none.
   *
   * @param clearsOthers removes all if the newest is of another training
   * @param warn is given a sentence on each that cannot be used, and if all are removed
   * @throws ConveneException (usage) if the newest is of another training, with what differs
   */
  public Optional<Progress> newest(
      Fingerprint fingerprint, boolean clearsOthers, Consumer<String> warn) throws IOException {
    for (Path file : newestFirst()) {
      Checkpoint checkpoint;
      try {
        checkpoint = new CheckpointFile(file, hadoop).read();
      } catch (UnusableCheckpointException e) {
        warn.accept(
            "the checkpoint %s %s; the one before is used if there is one"
                .formatted(file, e.getMessage()));
        continue;
      }
      List<String> changes = fingerprint.changesSince(checkpoint.fingerprint());
      if (!changes.isEmpty() && clearsOthers) {
        warn.accept(
            "the checkpoint %s is of another training, which begins anew: %s"
                .formatted(file, String.join("; ", changes)));
        clear();
        return Optional.empty();
      }
      if (!changes.isEmpty()) {
        throw ConveneException.usage(
            "the checkpoint %s is of another training: %s; train as before, choose another place"
                + " for the output or the checkpoints, or set train.checkpoint.on-mismatch ="
                + " restart (onCheckpointMismatch) to begin anew",
            file, String.join("; ", changes));
      }
      return Optional.of(checkpoint.progress());
    }
    return Optional.empty();
  }

  /** Whether there is any, be it damaged. */
  public boolean isEmpty() throws IOException {
    return newestFirst().isEmpty();
  }

  /** Writes one, and removes all but so many of the newest. */
  void write(Checkpoint checkpoint, int keep) throws IOException {
    FileSystem storage = storage();
    Path unfinished = new Path(path, UNFINISHED);
    new CheckpointFile(unfinished, hadoop).write(checkpoint.fingerprint(), checkpoint.progress());
    Path file = new Path(path, name(checkpoint.progress()));
    // A damaged one.
    storage.delete(file, false);
    if (!storage.rename(unfinished, file)) {
      throw new IOException("cannot rename " + unfinished + " to " + file);
    }
    for (Path old : newestFirst().stream().skip(keep).toList()) {
      storage.delete(old, false);
    }
  }

  /** Removes all of them, and the directory if nothing else is in it. */
  public void clear() throws IOException {
    FileSystem storage = storage();
    for (Path file : newestFirst()) {
      storage.delete(file, false);
    }
    storage.delete(new Path(path, UNFINISHED), false);
    if (storage.exists(path) && storage.listStatus(path).length == 0) {
      storage.delete(path, false);
    }
  }

  /** Sorts as training goes on. */
  private static String name(Progress progress) {
    return "%sepoch-%08d-round-%08d"
        .formatted(PREFIX, progress.epoch(), progress.partial().rounds());
  }

  private List<Path> newestFirst() throws IOException {
    FileSystem storage = storage();
    if (!storage.exists(path)) {
      return List.of();
    }
    return Arrays.stream(storage.listStatus(path))
        .map(FileStatus::getPath)
        .filter(file -> file.getName().startsWith(PREFIX))
        .sorted(Comparator.comparing(Path::getName).reversed())
        .toList();
  }

  private FileSystem storage() throws IOException {
    return path.getFileSystem(hadoop);
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
