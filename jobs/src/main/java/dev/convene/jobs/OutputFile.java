package dev.convene.jobs;

import dev.convene.ConveneException;
import dev.convene.config.Setting;
import dev.convene.config.Settings;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * A file that a setting names and a job writes.
 *
 * @param name as the setting has it
 */
record OutputFile(Setting<?> setting, String name, StoragePath place) {

  static OutputFile of(Setting<?> setting, String name, Configuration hadoop) throws IOException {
    StoragePath.requirePlain(setting, name);
    return new OutputFile(setting, name, StoragePath.of(setting.key(), name, hadoop));
  }

  /**
   * The file, if the setting names one.
   *
   * @param ending that its name must have: nothing else is ever replaced
   * @throws ConveneException (usage) if it has another
   */
  static Optional<OutputFile> ifSet(
      Settings settings, Setting<Optional<String>> setting, String ending, Configuration hadoop)
      throws IOException {
    Optional<String> name = settings.value(setting);
    if (name.isEmpty()) {
      return Optional.empty();
    }
    if (!name.get().toLowerCase(Locale.ROOT).endsWith(ending)) {
      throw ConveneException.usage(
          "%s = %s does not end in %s, and other files are never replaced: choose another name",
          setting, name.get(), ending);
    }
    return Optional.of(of(setting, name.get(), hadoop));
  }

  /**
   * Checks up front that nothing is lost by writing it.
   *
   * @throws ConveneException (data) if it exists and is not to be overwritten, or is a directory
   */
  void requireReplaceable(OutputDirectory.Kind kind, boolean overwrite) throws IOException {
    if (place.storage().exists(place.path())
        && place.storage().getFileStatus(place.path()).isDirectory()) {
      throw ConveneException.data("%s %s is a directory: name a file", setting, name);
    }
    OutputDirectory.requireReplaceable(kind, place, name, overwrite);
  }

  /**
   * Writes it, in the place of an older one.
   *
   * @throws ConveneException (data) if it cannot be written there
   */
  void write(byte[] bytes) throws IOException {
    new ReplacedFile(place).write("%s = %s".formatted(setting, name), bytes);
  }
}
