package dev.convene.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A job that runs night after night: outputs by date, of which the newest is found and few stay.
 */
@Tag("spark")
class NightlyJobsTest {
  @TempDir Path folder;

  private Path conf() throws IOException {
    Files.writeString(folder.resolve("rows.csv"), "x,y\n-1,0\n-2,0\n1,1\n2,1\n");
    Files.writeString(folder.resolve("wrong.json"), "{\"parameters\": [1, -1, 0, 0]}");
    Files.writeString(folder.resolve("right.json"), "{\"parameters\": [-1, 1, 0, 0]}");
    return Files.writeString(
        folder.resolve("rows.conf"),
        """
        data { format = csv, train = "%1$s/rows.csv", test = "%1$s/rows.csv", options.header = true }
        data.label = y
        model.hidden = []
        # Nothing is learned: the initial parameters stay.
        train { epochs = 1, workers = 1, optimizer { name = sgd, learning-rate = 1e-300 } }
        train.initial-parameters = "%1$s/wrong.json"
        output { dir = "%1$s/nights/{date}", keep = 2 }
        """
            .formatted(folder));
  }

  private List<String> nights() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("nights"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void theNewestIsFoundAndTheOldestGoes() throws IOException {
    Path conf = conf();
    String right = "train.initial-parameters=%s/right.json".formatted(folder);
    for (String night : List.of("2026-01-30", "2026-01-31")) {
      assertThat(JobRun.of("train", conf, List.of("output.date=" + night)).status()).isZero();
    }
    JobRun last = JobRun.of("train", conf, List.of("output.date=2026-02-01", right));
    assertThat(last.lastLine()).startsWith("accuracy 1.0000 on 4 test rows");

    assertThat(nights()).containsExactly("2026-01-31", "2026-02-01", "latest");
    assertThat(JobRun.of("evaluate", conf, List.of()).lastLine()).startsWith("accuracy 1.0000");
    assertThat(JobRun.of("evaluate", conf, List.of("output.date=2026-01-31")).lastLine())
        .startsWith("accuracy 0.0000");
    assertThat(
            JobRun.of(
                    "predict",
                    conf,
                    List.of(
                        "output.dir=%s/nights/latest".formatted(folder),
                        "output.keep=null",
                        "predict.input=%s/rows.csv".formatted(folder),
                        "predict.output=%s/scored".formatted(folder)))
                .lastLine())
        .isEqualTo("predicted 4 rows");
  }

  @Test
  void aNightsSettingsAreThoseOfThatNight() throws IOException {
    assertThat(JobRun.of("train", conf(), List.of("output.date=2026-01-31")).status()).isZero();
    // Not from inside the output, which a job never replaces while it reads there.
    Path settings =
        Files.copy(folder.resolve("nights/2026-01-31/settings.conf"), folder.resolve("again.conf"));

    JobRun again = JobRun.of("train", settings, List.of());

    assertThat(again.status()).isEqualTo(3);
    assertThat(again.stderr()).contains("/nights/2026-01-31 exists already");
    assertThat(nights()).containsExactly("2026-01-31", "latest");
  }

  @Test
  void whatIsInTheWayOfThePointerIsFoundBeforeTheTraining() throws IOException {
    Path conf = conf();
    Files.createDirectories(folder.resolve("nights/latest"));

    JobRun run = JobRun.of("train", conf, List.of());

    assertThat(run.status()).isEqualTo(3);
    assertThat(run.stderr())
        .contains("/nights/latest is in the place of what points to the newest");
    assertThat(run.stdout()).isEmpty();
    assertThat(nights()).containsExactly("latest");
  }
}
