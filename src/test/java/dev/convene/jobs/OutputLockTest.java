package dev.convene.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One run at a time trains for an output. */
@Timeout(60)
class OutputLockTest {
  @TempDir Path folder;

  private StoragePath output;

  @BeforeEach
  void resolveOutput() throws IOException {
    output =
        StoragePath.of("output.dir", folder.resolve("out").toUri().toString(), new Configuration());
  }

  private OutputLock acquire(boolean waits) throws IOException {
    return OutputLock.acquire(output, "output.dir out", waits);
  }

  private OutputLock acquired(boolean waits) {
    try {
      return acquire(waits);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private Path lock(String host, long pid) throws IOException {
    return Files.writeString(
        folder.resolve("._out.lock"),
        "{\"host\": \"%s\", \"pid\": %s, \"started\": 1, \"run\": \"r\"}".formatted(host, pid));
  }

  @Test
  void aSecondRunIsRefused() throws IOException {
    try (OutputLock first = acquire(false)) {
      assertThat(first).isNotNull();
      assertThatThrownBy(() -> acquire(false))
          .isInstanceOfSatisfying(
              ConveneException.class,
              refused -> assertThat(refused.status()).isEqualTo(ExitStatus.DATA))
          .hasMessageStartingWith(
              "output.dir out: another run writes it, process "
                  + ProcessHandle.current().pid()
                  + " of host ");
    }
    assertThat(names()).isEmpty();
  }

  @Test
  void aSecondRunWaits() throws Exception {
    OutputLock first = acquire(false);
    CompletableFuture<OutputLock> second = CompletableFuture.supplyAsync(() -> acquired(true));
    Thread.sleep(300);
    assertThat(second).isNotDone();
    first.close();
    second.get().close();
    assertThat(names()).isEmpty();
  }

  @Test
  void aDeadOwnersLockAndLeftoversGo() throws IOException {
    String host = InetAddress.getLocalHost().getHostName();
    // This process's id, but one that began at another time.
    lock(host, ProcessHandle.current().pid());
    Files.createDirectories(folder.resolve("._out." + UUID.randomUUID()).resolve("model"));
    Files.createDirectories(folder.resolve("._other." + UUID.randomUUID()));
    Files.createDirectories(folder.resolve("._out.checkpoints"));

    acquire(false).close();

    assertThat(names()).hasSize(2).first().isEqualTo("._other." + names().get(0).substring(8));
    assertThat(names().get(1)).isEqualTo("._out.checkpoints");
  }

  @Test
  void anOutputThatWasBeingReplacedIsPutBack() throws IOException {
    Path aside = folder.resolve("._out." + UUID.randomUUID() + ".old");
    Files.createDirectories(aside);
    Files.writeString(aside.resolve("metrics.json"), "{}");

    acquire(false).close();

    assertThat(names()).containsExactly("out");
    assertThat(folder.resolve("out/metrics.json")).hasContent("{}");
  }

  @Test
  void anOwnerOfAnotherHostLivesAsLongAsItGivesSigns() throws Exception {
    Path lock = lock("another-host", 1);
    CompletableFuture<OutputLock> second = CompletableFuture.supplyAsync(() -> acquired(false));
    Thread.sleep(1500);
    assertThat(second).as("it may have died").isNotDone();

    Files.setLastModifiedTime(lock, FileTime.from(Instant.now().plusMillis(10)));
    assertThatThrownBy(second::join).hasMessageContaining("process 1 of host another-host");
  }

  @Test
  void anOwnerOfAnotherHostThatGivesNoSignForAMinuteIsDead() throws IOException {
    for (int silence : List.of(61, 57)) {
      Path lock = lock("another-host", 1);
      Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minusSeconds(silence)));

      acquire(false).close();

      assertThat(names()).isEmpty();
    }
  }
}
