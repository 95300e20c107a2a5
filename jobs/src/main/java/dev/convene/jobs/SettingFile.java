package dev.convene.jobs;

import dev.convene.ConveneException;
import dev.convene.config.Setting;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/** A file that a setting names, on any Hadoop file system. */
final class SettingFile {
  private SettingFile() {}

  /**
   * All its bytes.
   *
   * @throws ConveneException (data) if there is no such file; (usage) if the path names no storage
   */
  static byte[] read(Setting<?> setting, String file, Configuration hadoop) throws IOException {
    Path path = new Path(file);
    try {
      return read(path, path.getFileSystem(hadoop));
    } catch (FileNotFoundException e) {
      // Where a relative path leads depends on the cluster's configuration.
      throw ConveneException.data(
          "%s: there is no file %s",
          setting, path.isAbsolute() ? file : path.getFileSystem(hadoop).makeQualified(path));
    } catch (UnsupportedFileSystemException e) {
      throw ConveneException.usage("%s: %s names no storage: %s", setting, file, e.getMessage());
    }
  }

  private static byte[] read(Path path, FileSystem fileSystem) throws IOException {
    try (InputStream in = fileSystem.open(path)) {
      return in.readAllBytes();
    }
  }
}
