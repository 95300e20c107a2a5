package dev.convene.data.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.util.Set;

/** Files that Convene's jar holds plain, beside this class. */
record EmbeddedFiles() implements Source {
  @Override
  public void fetch(Set<String> files, Receiver receiver) throws IOException {
    for (String file : files) {
      try (InputStream in = EmbeddedFiles.class.getResourceAsStream(file)) {
        if (in == null) {
          throw new IOException("it lacks " + file);
        }
        receiver.accept(file, in);
      }
    }
  }

  @Override
  public String toString() {
    return "Convene's own jar";
  }
}
