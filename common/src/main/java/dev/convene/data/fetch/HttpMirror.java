package dev.convene.data.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Set;

/** A web directory that holds each file gzipped, as {@code FILE.gz}. */
record HttpMirror(URI directory, Http.Timeouts timeouts) implements Source {
  static HttpMirror of(String directory) {
    return new HttpMirror(URI.create(directory), Http.Timeouts.SHORT);
  }

  @Override
  public void fetch(Set<String> files, Receiver receiver) throws IOException {
    for (String file : files) {
      try (InputStream in = Http.open(directory.resolve(file + ".gz"), timeouts)) {
        receiver.accept(file, in);
      } catch (IOException e) {
        throw new IOException(file + ".gz: " + e.getMessage(), e);
      }
    }
  }

  @Override
  public String toString() {
    return directory.toString();
  }
}
