package dev.convene.data.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** A directory where the system's package manager has put each file, as {@code FILE.gz}. */
record InstalledFiles(Path directory) implements Source {
  @Override
  public void fetch(Set<String> files, Receiver receiver) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new IOException("not installed");
    }
    for (String file : files) {
      try (InputStream in = Files.newInputStream(directory.resolve(file + ".gz"))) {
        receiver.accept(file, in);
      }
    }
  }

  @Override
  public String toString() {
    return directory.toString();
  }
}
