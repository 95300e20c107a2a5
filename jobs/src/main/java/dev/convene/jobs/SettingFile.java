package dev.convene.jobs;

import dev.convene.ConveneException;
import dev.convene.config.Setting;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
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
    try (InputStream in = path.getFileSystem(hadoop).open(path)) {
      return in.readAllBytes();
    } catch (FileNotFoundException e) {
      throw ConveneException.data("%s: there is no file %s", setting, file);
    } catch (UnsupportedFileSystemException e) {
      throw ConveneException.usage("%s: %s names no storage: %s", setting, file, e.getMessage());
    }
  }
}
