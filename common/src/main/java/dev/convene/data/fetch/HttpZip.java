package dev.convene.data.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A zip archive on the web that holds each file gzipped, as {@code folder/FILE.gz}.
 *
 * @param md5 of the archive, as published
 */
record HttpZip(URI uri, String md5, String folder, Http.Timeouts timeouts) implements Source {
  @Override
  public void fetch(Set<String> files, Receiver receiver) throws IOException {
    Path archive = Files.createTempFile("convene", ".zip");
    try {
      Http.download(uri, md5, timeouts, archive);
      try (ZipFile zip = new ZipFile(archive.toFile())) {
        Archives.requireInside(zip.stream().map(ZipEntry::getName).toList());
        for (String file : files) {
          ZipEntry entry = zip.getEntry(folder + "/" + file + ".gz");
          if (entry != null) {
            try (InputStream in = zip.getInputStream(entry)) {
              receiver.accept(file, in);
            }
          }
        }
      }
    } finally {
      Files.delete(archive);
    }
  }

  @Override
  public String toString() {
    return uri.toString();
  }
}
