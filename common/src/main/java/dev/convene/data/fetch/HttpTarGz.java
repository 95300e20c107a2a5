package dev.convene.data.fetch;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * A .tar.gz archive on the web that holds the files plain, as {@code folder/FILE}.
 *
 * @param md5 of the archive, as published
 */
record HttpTarGz(URI uri, String md5, String folder, Http.Timeouts timeouts) implements Source {
  @Override
  public void fetch(Set<String> files, Receiver receiver) throws IOException {
    Path archive = Files.createTempFile("convene", ".tar.gz");
    try {
      Http.download(uri, md5, timeouts, archive);
      Archives.readTarGz(archive, folder, files, receiver);
    } finally {
      Files.delete(archive);
    }
  }

  @Override
  public String toString() {
    return uri.toString();
  }
}
