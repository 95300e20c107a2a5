package dev.convene.data.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Set;

/**
 * A web directory that holds the files.
 *
 * @param suffix what their names end in there: {@code .gz}, or nothing for plain files
 */
record HttpMirror(URI directory, String suffix, Http.Timeouts timeouts) implements Source {
  /** A directory of gzipped files. */
  static HttpMirror of(String directory) {
    return new HttpMirror(URI.create(directory), ".gz", Http.Timeouts.SHORT);
  }

  static HttpMirror ofPlainFiles(String directory) {
    return new HttpMirror(URI.create(directory), "", Http.Timeouts.SHORT);
  }

  @Override
  public void fetch(Set<String> files, Receiver receiver) throws IOException {
    for (String file : files) {
      try (InputStream in = Http.open(directory.resolve(file + suffix), timeouts)) {
        receiver.accept(file, in);
      } catch (IOException e) {
        throw new IOException(file + suffix + ": " + e.getMessage(), e);
      }
    }
  }

  @Override
  public String toString() {
    return directory.toString();
  }
}
