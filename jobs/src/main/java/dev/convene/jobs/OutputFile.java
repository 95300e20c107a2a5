package dev.convene.jobs;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.config.Settings;
import java.io.IOException;
import java.io.OutputStream;
import java.util.UUID;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;
import org.apache.spark.sql.SparkSession;

/**
 * A job's output that is one file on any Hadoop file system. It appears whole or not at all: where
 * a rename is atomic it is written beside and renamed; object stores show no file before its end.
 */
final class OutputFile {
  private final OutputDirectory.Kind kind;
  private final StoragePath place;
  private final String name;
  private final boolean overwrite;

  private OutputFile(OutputDirectory.Kind kind, StoragePath place, String name, boolean overwrite) {
    this.kind = kind;
    this.place = place;
    this.name = name;
    this.overwrite = overwrite;
  }

  /**
   * The file of this name, checked up front.
   *
   * @throws ConveneException of status DATA if it exists and is not to be overwritten, or is a
   *     directory; of status USAGE if it lies on a disk that the cluster does not share
   */
  static OutputFile open(
      OutputDirectory.Kind kind, String name, Settings settings, SparkSession spark)
      throws IOException {
    StoragePath.requirePlain(kind.dir(), name);
    SharedStorage storage = SharedStorage.of(settings, spark);
    storage.require(kind.dir(), name);
    StoragePath place = StoragePath.of(kind.dir().key(), name, storage.hadoop());
    OutputFile file = new OutputFile(kind, place, name, settings.value(kind.overwrite()));
    file.requireReplaceable();
    return file;
  }

  /**
   * Writes it, in the place of an older one if that is to be overwritten.
   *
   * @throws ConveneException of status DATA if it cannot be created
   */
  void write(byte[] bytes) throws IOException {
    FileSystem storage = place.storage();
    Path target = place.path();
    if (!OutputDirectory.hasAtomicRename(storage)) {
      create(target, bytes);
      return;
    }
    Path aside = OutputDirectory.hiddenSibling(target, UUID.randomUUID().toString());
    storage.deleteOnExit(aside);
    create(aside, bytes);
    requireReplaceable();
    storage.delete(target, false);
    if (!storage.rename(aside, target)) {
      throw new IOException("cannot rename " + aside + " to " + target);
    }
    storage.cancelDeleteOnExit(aside);
  }

  private void create(Path file, byte[] bytes) throws IOException {
    try (OutputStream stream = place.storage().create(file, true)) {
      stream.write(bytes);
    } catch (AccessControlException | ParentNotDirectoryException | FileAlreadyExistsException e) {
      throw new ConveneException(
          ExitStatus.DATA,
          "%s %s cannot be created: it may lie below a file, or where you must not write"
              .formatted(kind.dir(), name),
          e);
    }
  }

  private void requireReplaceable() throws IOException {
    FileSystem storage = place.storage();
    if (storage.exists(place.path()) && storage.getFileStatus(place.path()).isDirectory()) {
      throw ConveneException.data("%s %s is a directory: name a file", kind.dir(), name);
    }
    OutputDirectory.requireReplaceable(kind, place, name, overwrite);
  }
}
