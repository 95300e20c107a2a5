package dev.convene.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * Hadoop's local file system, but for how it gets and sets permissions: without its native library
 * Hadoop starts a process {@code chmod} for every file and folder that it makes and {@code ls} for
 * every one that it lists, and a job has hundreds. {@code core-site.xml} makes it that of {@code
 * file:} in every JVM of the tests.
 */
public final class LocalFiles extends LocalFileSystem {
  public LocalFiles() {
    super(new Raw());
  }

  private static final class Raw extends RawLocalFileSystem {
    private static final int PERMISSIONS = 07777;

    @Override
    public void setPermission(Path path, FsPermission permission) throws IOException {
      Files.setAttribute(pathToFile(path).toPath(), "unix:mode", (int) permission.toShort());
    }

    @Override
    public FileStatus[] listStatus(Path folder) throws IOException {
      FileStatus[] files = super.listStatus(folder);
      for (int i = 0; i < files.length; i++) {
        files[i] = withPermission(files[i]);
      }
      return files;
    }

    private FileStatus withPermission(FileStatus file) throws IOException {
      Map<String, Object> attributes;
      try {
        attributes =
            Files.readAttributes(pathToFile(file.getPath()).toPath(), "unix:mode,owner,group");
      } catch (NoSuchFileException gone) {
        return file;
      }
      return new FileStatus(
          file.getLen(),
          file.isDirectory(),
          file.getReplication(),
          file.getBlockSize(),
          file.getModificationTime(),
          file.getAccessTime(),
          new FsPermission((short) ((int) attributes.get("mode") & PERMISSIONS)),
          attributes.get("owner").toString(),
          attributes.get("group").toString(),
          file.getPath());
    }
  }
}
