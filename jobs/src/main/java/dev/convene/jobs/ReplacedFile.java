package dev.convene.jobs;

import dev.convene.ConveneException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.UUID;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;

/** A single file that a job writes, in the place of an older one; readers never see half of it. */
record ReplacedFile(StoragePath place) {

  /**
   * Writes the file.
   *
   * @param name how a message names it
   * @throws ConveneException (data) if it cannot be written there
   */
  void write(String name, byte[] bytes) throws IOException {
    FileSystem storage = place.storage();
    try {
      if (OutputDirectory.hasAtomicRename(storage)) {
        rename(bytes);
      } else {
        // An object store shows no file before its end.
        create(place.path(), bytes);
      }
    } catch (AccessControlException
        | ParentNotDirectoryException
        | FileAlreadyExistsException refused) {
      throw refusal(name);
    } catch (IOException e) {
      if (storage.getUri().getScheme().equals("file")) {
        throw refusal(name);
      }
      throw e;
    }
  }

  private void rename(byte[] bytes) throws IOException {
    FileSystem storage = place.storage();
    Path next = OutputDirectory.hiddenSibling(place.path(), UUID.randomUUID().toString());
    try {
      create(next, bytes);
      storage.delete(place.path(), false);
      if (!storage.rename(next, place.path())) {
        throw new IOException("cannot rename " + next + " to " + place.path());
      }
    } finally {
      storage.delete(next, false);
    }
  }

  private void create(Path path, byte[] bytes) throws IOException {
    try (OutputStream out = place.storage().create(path, true)) {
      out.write(bytes);
    }
  }

  private ConveneException refusal(String name) {
    return ConveneException.data(
        "%s cannot be written: it may lie below a file, or where you must not write, or the disk is"
            + " full",
        name);
  }
}
