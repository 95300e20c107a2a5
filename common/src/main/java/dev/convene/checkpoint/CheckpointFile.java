package dev.convene.checkpoint;

import dev.convene.ConveneException;
import dev.convene.FileDamage;
import dev.convene.train.Progress;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** One checkpoint in a file of any Hadoop file system. */
public record CheckpointFile(Path path, Configuration hadoop) {

  /** Writes a checkpoint, in place of an older one. */
  public void write(Fingerprint fingerprint, Progress progress) throws IOException {
    try (OutputStream out = storage().create(path, true)) {
      new Checkpoint(fingerprint, progress).write(out);
    }
  }

  /**
   * The progress of a training of that fingerprint.
   *
   * @param mayDiffer names whose values may be others
   * @throws ConveneException (data) if there is no such file, or it is damaged or newer; (usage) if
   *     it is of another training
   */
  public Progress read(Fingerprint fingerprint, Set<String> mayDiffer) throws IOException {
    Checkpoint checkpoint;
    try {
      checkpoint = read();
    } catch (FileNotFoundException e) {
      throw ConveneException.data("there is no checkpoint %s", path);
    } catch (UnusableCheckpointException e) {
      throw ConveneException.data("the checkpoint %s %s", path, e.getMessage());
    }
    List<String> changes =
        fingerprint.without(mayDiffer).changesSince(checkpoint.fingerprint().without(mayDiffer));
    if (!changes.isEmpty()) {
      throw ConveneException.usage(
          "the checkpoint %s is of another training: %s", path, String.join("; ", changes));
    }
    return checkpoint.progress();
  }

  Checkpoint read() throws IOException {
    FileSystem storage = storage();
    long bytes = storage.getFileStatus(path).getLen();
    try (InputStream in = storage.open(path)) {
      return Checkpoint.read(in, bytes);
    } catch (IOException e) {
      if (!(e instanceof UnusableCheckpointException) && FileDamage.isCauseOf(e)) {
        throw UnusableCheckpointException.damaged("a checksum of the storage is wrong", e);
      }
      throw e;
    }
  }

  private FileSystem storage() throws IOException {
    return path.getFileSystem(hadoop);
  }
}
