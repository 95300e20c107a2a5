package dev.convene.data.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.util.Set;

/** Somewhere a data set's files can be had; {@code toString} names it to people. */
interface Source {
  /**
   * Hands over those of the named files that it has.
   *
   * @throws IOException if it cannot; the message says why
   */
  void fetch(Set<String> files, Receiver receiver) throws IOException;

  /** Takes a file's content, gzipped or plain, and leaves the stream open. */
  interface Receiver {
    void accept(String file, InputStream content) throws IOException;
  }
}
