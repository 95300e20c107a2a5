package dev.convene.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.ConveneException;
import dev.convene.config.Candidate;
import dev.convene.config.Keys;
import dev.convene.config.Settings;
import dev.convene.tune.RungResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SearchDirectoryTest {
  private static final RungResult SECOND = new RungResult(1, 2, 3, 0.5, 0.25, 0.75, 1.5);
  private static final RungResult FIRST =
      new RungResult(1, 1, 0, Double.NaN, Double.NaN, Double.NaN, 0.5);

  private final Settings settings =
      Settings.load(null, List.of("tune.space.model.hidden=[[], [4, 2]]", "train.workers=2"));

  @TempDir Path folder;

  /** A machine of which the storage {@code store:} is an object store. */
  private static Configuration hadoop() {
    Configuration hadoop = new Configuration();
    hadoop.setClass(
        "fs.store.impl", OutputDirectoryTest.ObjectStore.class, RawLocalFileSystem.class);
    return hadoop;
  }

  private static SearchDirectory open(String dir, Settings settings, Configuration hadoop)
      throws IOException {
    SearchDirectory directory = SearchDirectory.at(dir, hadoop);
    directory.open(settings, candidates(settings));
    return directory;
  }

  private static List<Candidate> candidates(Settings settings) {
    return settings.value(Keys.TUNE_SPACE).candidates(settings);
  }

  private String dir(String scheme) {
    return scheme + "://" + folder.resolve("out");
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "store"})
  void resultsOutliveTheirSearch(String scheme) throws IOException {
    SearchDirectory begun = open(dir(scheme), settings, hadoop());
    assertThat(begun.finished()).isEmpty();
    begun.add(SECOND);
    begun.add(FIRST);

    // The same settings, but where results go.
    Settings same = Settings.parse(settings.toRunAgain() + "\noutput.overwrite = true", "same");
    assertThat(open(dir(scheme), same, hadoop()).finished()).containsExactly(FIRST, SECOND);
    assertThat(Files.readAllLines(folder.resolve("out/tune.jsonl")))
        .containsExactly(
            "{\"rung\":1,\"candidate\":1,\"epochs\":0,\"trainLoss\":null,\"validationLoss\":null,"
                + "\"validationAccuracy\":null,\"seconds\":0.5,\"settings\":{\"model.hidden\":[]}}",
            "{\"rung\":1,\"candidate\":2,\"epochs\":3,\"trainLoss\":0.5,\"validationLoss\":0.25,"
                + "\"validationAccuracy\":0.75,\"seconds\":1.5,\"settings\":{\"model.hidden\":[4,2]}}");
  }

  /** The old file is gone and the new one has not its name yet; or the new one is half written. */
  @Test
  void noMomentToBeInterruptedLosesAResult() throws IOException {
    SearchDirectory begun = open(dir("store"), settings, hadoop());
    begun.add(FIRST);
    begun.add(SECOND);
    Path results = folder.resolve("out/tune.jsonl");
    Path next = folder.resolve("out/tune.jsonl._next");
    Files.move(results, next);

    assertThat(open(dir("store"), settings, hadoop()).finished()).containsExactly(FIRST, SECOND);
    assertThat(results).exists();

    Files.writeString(next, "{\"rung\":1,");
    SearchDirectory resumed = open(dir("store"), settings, hadoop());
    assertThat(resumed.finished()).containsExactly(FIRST, SECOND);
    resumed.add(new RungResult(2, 2, 9, 0.5, 0.25, 0.75, 1.5));
    assertThat(Files.readAllLines(results)).hasSize(3);
  }

  @Test
  void aStorageThatFailsEndsTheSearch() throws IOException {
    SearchDirectory begun = open(dir("file"), settings, hadoop());
    Configuration failing = new Configuration();
    failing.setClass(
        "fs.file.impl", OutputDirectoryTest.FailingRename.class, LocalFileSystem.class);
    failing.setBoolean("fs.file.impl.disable.cache", true);
    failing.setInt("failing.rename", 1);
    begun.add(FIRST);

    SearchDirectory resumed = open(dir("file"), settings, failing);
    assertThatThrownBy(() -> resumed.add(SECOND)).isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void otherSettingsAreRefusedByName() throws IOException {
    open(dir("file"), settings, hadoop()).add(FIRST);
    Settings other = Settings.parse(settings.toRunAgain() + "\ntrain.epochs = 3", "other");

    assertThatThrownBy(() -> open(dir("file"), other, hadoop()))
        .isInstanceOf(ConveneException.class)
        .hasMessageContaining(
            "holds an unfinished search of other settings: train.epochs was 15 and is 3; choose"
                + " another, or set output.overwrite = true to begin anew");
    Settings anew = Settings.parse(other.toRunAgain() + "\noutput.overwrite = true", "anew");
    assertThat(open(dir("file"), anew, hadoop()).finished()).isEmpty();
  }

  @Test
  void aFinishedSearchIsNotContinuedButReplacedIfAsked() throws IOException {
    SearchDirectory begun = open(dir("file"), settings, hadoop());
    begun.add(SECOND);
    assertThat(begun.end(candidates(settings).get(1).settings()))
        .isEqualTo(dir("file") + "/best.conf");
    Settings best = Settings.load(folder.resolve("out/best.conf"), List.of());
    assertThat(best.value(Keys.MODEL_HIDDEN)).containsExactly(4, 2);
    assertThat(best.value(Keys.OUTPUT_DIR)).contains(dir("file") + "/best");

    assertThatThrownBy(() -> open(dir("file"), settings, hadoop()))
        .isInstanceOf(ConveneException.class)
        .hasMessageContaining("exists already: choose another, or set output.overwrite = true");
    Settings anew = Settings.parse(settings.toRunAgain() + "\noutput.overwrite = true", "anew");
    assertThat(open(dir("file"), anew, hadoop()).finished()).isEmpty();
  }

  @Test
  void anythingElseIsNeverTakenForASearch() throws IOException {
    Path file =
        Files.writeString(Files.createDirectories(folder.resolve("out")).resolve("a.txt"), "mine");

    assertThatThrownBy(() -> open(dir("file"), settings, hadoop()))
        .isInstanceOf(ConveneException.class)
        .hasMessageContaining("exists already");
    assertThat(file).hasContent("mine");
  }
}
