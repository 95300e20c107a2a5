package dev.convene.jobs;

import dev.convene.ConveneException;
import dev.convene.testkit.DamagedCopies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Damaged files of a run are compared with another run's, or refused: see {@link DamagedCopies}.
 */
@Tag("spark")
@Timeout(120)
class DamagedRunTest {
  private static final String EPOCH =
      "{\"epoch\":%s,\"rounds\":3,\"examples\":90,\"trainLoss\":0.5,\"trainAccuracy\":0.8,"
          + "\"validationLoss\":null,\"validationAccuracy\":0.7,\"learningRate\":0.1,"
          + "\"seconds\":0.5,\"schemaVersion\":1}%n";

  @TempDir Path folder;

  @BeforeEach
  void twoRuns() throws IOException {
    for (String name : new String[] {"good", "damaged"}) {
      Path run = Files.createDirectory(folder.resolve(name));
      Files.writeString(
          run.resolve("metrics.json"),
          "{\"schemaVersion\":1,\"accuracy\":0.9,\"loss\":0.3,\"workers\":2,\"labels\":[\"a\"]}\n");
      Files.writeString(run.resolve("history.jsonl"), EPOCH.formatted(1) + EPOCH.formatted(2));
      Files.writeString(
          run.resolve("settings.conf"),
          "# Settings of a run of Convene, schema version 1\n"
              + "train { epochs = 2, workers = auto }\ndata.features = [a, \"b c\"]\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"metrics.json", "history.jsonl", "settings.conf"})
  void areReadOrRefused(String file) throws IOException {
    Path damaged = folder.resolve("damaged").resolve(file);

    new DamagedCopies(file, Files.readAllBytes(damaged))
        .areReadOrRefused(300, copy -> compare(Files.write(damaged, copy)));
  }

  private void compare(Path damaged) {
    JobRun run =
        JobRun.of(
            "compare",
            folder.resolve("good").toString(),
            damaged.getParent().toString(),
            "--set",
            "compare.report=" + folder.resolve("page.html"));
    if (run.status() == 3) {
      throw ConveneException.data("%s", run.stderr());
    }
    if (run.status() != 0) {
      throw new IllegalStateException("status %s: %s".formatted(run.status(), run.stderr()));
    }
  }
}
