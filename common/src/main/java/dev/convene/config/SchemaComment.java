package dev.convene.config;

import dev.convene.ExitStatus;
import dev.convene.FileSchema;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The first line of a settings.conf, which names its schema; other files of settings have none. */
final class SchemaComment {
  static final String LINE =
      "# Settings of a run of Convene, schema version " + FileSchema.VERSION + "\n";

  private static final Pattern OF_A_RUN =
      Pattern.compile("# Settings of a run of Convene, schema version (\\d{1,9})\\s*");

  private SchemaComment() {}

  /**
   * Refuses a file of a newer schema.
   *
   * @throws dev.convene.ConveneException (usage)
   */
  static void check(Path file) {
    // Any bytes are characters of it: the parser says it where they are none of UTF-8.
    try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      checkLine(reader.readLine(), file.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same of a file's text. */
  static void check(String text, String name) {
    checkLine(text.lines().findFirst().orElse(null), name);
  }

  private static void checkLine(String line, String name) {
    Matcher matcher = OF_A_RUN.matcher(line == null ? "" : line);
    if (matcher.matches()) {
      FileSchema.requireReadable(Integer.parseInt(matcher.group(1)), name, ExitStatus.USAGE);
    }
  }
}
