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
record OutputFile(Setting<?> setting, String name, ReplacedFile file) {

  /**
   * The file, if the setting names one.
   *
   * @param ending that its name must have: nothing else is ever replaced
   * @throws ConveneException (usage) if it has another
   */
  static Optional<OutputFile> of(
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
    StoragePath.requirePlain(setting, name.get());
    StoragePath place = StoragePath.of(setting.key(), name.get(), hadoop);
    return Optional.of(new OutputFile(setting, name.get(), new ReplacedFile(place)));
  }

  /**
   * Writes it.
   *
   * @throws ConveneException (data) if it cannot be written there
   */
  void write(byte[] bytes) throws IOException {
    file.write("%s = %s".formatted(setting, name), bytes);
  }
}
