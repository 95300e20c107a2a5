package dev.convene.data.fetch;

import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;

/** What makes an archive's entries trustworthy. */
final class Archives {
  private static final Pattern OUTSIDE =
      Pattern.compile("[/\\\\].*|[A-Za-z]:.*|(.*[/\\\\])?\\.\\.([/\\\\].*)?", Pattern.DOTALL);

  private Archives() {}

  /**
   * Refuses an archive whose entries would leave the folder it is unpacked into: absolute paths and
   * those with {@code ..} in them.
   */
  static void requireInside(List<String> entries) throws IOException {
    for (String entry : entries) {
      if (OUTSIDE.matcher(entry).matches()) {
        throw new IOException("refused: its entry " + entry + " leads out of the archive's folder");
      }
    }
  }
}
