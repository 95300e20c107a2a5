package dev.convene.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("spark")
class FetchDataJobTest {
  @TempDir Path cache;

  @Test
  void anEmbeddedSetNeedsNoNetwork() {
    JobRun run = JobRun.of("fetch-data", "--set", "data.cache=" + cache, "iris");
    assertThat(run.status()).isZero();
    assertThat(run.lastLine()).isEqualTo("file:" + cache + "/iris/all");
    assertThat(cache.resolve("iris/all/iris.csv")).content().hasLineCount(151);
  }
}
