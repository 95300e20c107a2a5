package dev.convene.jobs;

import dev.convene.ConveneException;
import dev.convene.config.Setting;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** A file that a setting names, on any Hadoop file system. */
final class SettingFile {
  private SettingFile() {}

  /**
   * All its bytes.
   *
   * @throws ConveneException (data) if there is no such file; (usage) if the path names no storage
   */
  static byte[] read(Setting<?> setting, String file, Configuration hadoop) throws IOException {
    StoragePath place = StoragePath.of(setting.key(), file, hadoop);
    try (InputStream in = place.storage().open(place.path())) {
      return in.readAllBytes();
    } catch (FileNotFoundException e) {
      // Where a relative path leads depends on the cluster's configuration.
      throw ConveneException.data(
          "%s: there is no file %s", setting, new Path(file).isAbsolute() ? file : place.path());
    }
  }
}
