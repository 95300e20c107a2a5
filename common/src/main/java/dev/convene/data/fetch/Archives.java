package dev.convene.data.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Takes files out of archives that may lie. */
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

  /**
   * Hands over those of the named files that a .tar.gz holds plain in a folder.
   *
   * @throws IOException also if an entry, wanted or not, would leave the archive's folder; then
   *     nothing is handed over
   */
  static void readTarGz(Path archive, String folder, Set<String> files, Source.Receiver receiver)
      throws IOException {
    List<String> names = new ArrayList<>();
    readTarGz(archive, (entry, content) -> names.add(entry));
    requireInside(names);
    readTarGz(
        archive,
        (entry, content) -> {
          String file = entry.substring(entry.lastIndexOf('/') + 1);
          if (entry.equals(folder + "/" + file) && files.contains(file)) {
            receiver.accept(file, content);
          }
        });
  }

  private static void readTarGz(Path archive, Source.Receiver entries) throws IOException {
    try (InputStream in = Files.newInputStream(archive);
        TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(in))) {
      TarArchiveEntry entry;
      while ((entry = tar.getNextTarEntry()) != null) {
        entries.accept(entry.getName(), tar);
      }
    }
  }
}
