package dev.convene.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.Test;

class LiteralPathTest {
  /** A storage that, as HDFS does, refuses to look for a name with a colon. */
  public static final class NoColons extends RawLocalFileSystem {
    @Override
    public URI getUri() {
      return URI.create("nocolons:///");
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
      if (path.toUri().getPath().contains(":")) {
        throw new IllegalArgumentException("Pathname " + path + " is not a valid filename");
      }
      return super.getFileStatus(path);
    }
  }

  @Test
  void aRegisteredDataSetIsNoPathOfAStorageWithoutColons() throws IOException {
    Configuration hadoop = new Configuration(false);
    hadoop.set("fs.defaultFS", "nocolons:///");
    hadoop.setClass("fs.nocolons.impl", NoColons.class, RawLocalFileSystem.class);

    assertThat(LiteralPath.of("mnist:train", hadoop)).isEmpty();
    assertThat(LiteralPath.of("/no/such:file*", hadoop)).isEmpty();
  }
}
