package dev.convene.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.config.Keys;
import dev.convene.config.Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Outputs of a job that runs night after night. */
class DatedOutputTest {
  private static final LocalDate TODAY = LocalDate.of(2026, 3, 1);

  @TempDir Path folder;

  private final Configuration hadoop = new Configuration();

  /** Storage without links and without atomic rename. */
  public static final class Store extends RawLocalFileSystem {
    @Override
    public URI getUri() {
      return URI.create("store:///");
    }
  }

  private String root(String scheme) {
    hadoop.setClass("fs.store.impl", Store.class, RawLocalFileSystem.class);
    return scheme + "://" + folder;
  }

  private static Settings settings(String dir, String... more) {
    List<String> overrides = new ArrayList<>(List.of("output.dir=" + dir));
    overrides.addAll(List.of(more));
    return Settings.load(null, overrides);
  }

  private DatedOutput output(String dir, String... more) {
    return DatedOutput.of(settings(dir, more), TODAY).orElseThrow();
  }

  /** What a complete run leaves. */
  private void complete(String name) throws IOException {
    Path output = Files.createDirectories(folder.resolve(name));
    Files.writeString(output.resolve("settings.conf"), "");
    Files.writeString(output.resolve("_SUCCESS"), "");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void theDateIsThatOfTheSettingsOrToday() {
    Settings given = settings("out/m-{date}.d", "output.date=2025-12-31", "output.keep=3");
    DatedOutput output = DatedOutput.of(given, TODAY).orElseThrow();

    assertThat(output.settled(given).value(Keys.OUTPUT_DIR)).hasValue("out/m-2025-12-31.d");
    Settings open = settings("out/{date}");
    assertThat(DatedOutput.of(open, TODAY).orElseThrow().settled(open).value(Keys.OUTPUT_DIR))
        .hasValue("out/2026-03-01");
    assertThat(DatedOutput.of(settings("out/2026-03-01"), TODAY)).isEmpty();
  }

  /** So that the file of settings runs the same output again. */
  @Test
  void settledSettingsHaveNoDateToDecide() {
    Settings given = settings("out/{date}", "output.date=2025-12-31", "output.keep=3");

    String again = output("out/{date}", "output.date=2025-12-31").settled(given).toRunAgain();

    assertThat(Settings.parse(again, "again").value(Keys.OUTPUT_DIR)).hasValue("out/2025-12-31");
    assertThat(again).doesNotContain("keep", "{date}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "store"})
  void latestPointsToTheNewestAndOldOnesGo(String scheme) throws IOException {
    String root = root(scheme);
    for (String day : List.of("02-26", "02-27", "02-28", "03-01")) {
      complete("m-2026-" + day);
    }
    complete("m-yesterday");
    complete("other-2020-01-01");
    Files.createDirectories(folder.resolve("m-2020-01-01")); // Incomplete, or of somebody else.
    Files.writeString(folder.resolve("m-2026-02-26.status.json"), "{}");

    output(root + "/m-{date}", "output.keep=2").complete(hadoop);

    assertThat(names())
        .containsExactly(
            "m-2020-01-01",
            "m-2026-02-28",
            "m-2026-03-01",
            "m-latest",
            "m-yesterday",
            "other-2020-01-01");
    String latest =
        DatedOutput.toRead(settings(root + "/m-{date}"), hadoop).replaceFirst("^[a-z]+:/+", "/");
    assertThat(Path.of(latest).toRealPath().getFileName()).hasToString("m-2026-03-01");
    assertThat(DatedOutput.toRead(settings(root + "/m-{date}", "output.date=2026-02-28"), hadoop))
        .endsWith("/m-2026-02-28");
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "store"})
  void aRunOfAnEarlierDayStaysAndLatestStaysWhereItIs(String scheme) throws IOException {
    String root = root(scheme);
    complete("2026-03-01");
    output(root + "/{date}").complete(hadoop);
    complete("2026-01-15");
    output(root + "/{date}", "output.date=2026-01-15", "output.keep=1").complete(hadoop);

    assertThat(names()).containsExactly("2026-01-15", "2026-03-01", "latest");
    assertThat(OutputPointer.followed("output.dir", root + "/latest", hadoop))
        .endsWith(scheme.equals("file") ? "/latest" : "/2026-03-01");
  }

  @Test
  void anOutputThatIsBeingReplacedIsNotRemoved() throws IOException {
    complete("2026-02-28");
    complete("2026-03-01");
    Files.writeString(folder.resolve("._2026-02-28.lock"), "{}");

    output(folder + "/{date}", "output.keep=1").complete(hadoop);

    assertThat(names()).contains("2026-02-28", "2026-03-01");
  }

  @ParameterizedTest
  @CsvSource({"file, true", "file, false", "store, true", "store, false"})
  void whatIsInThePlaceOfThePointerIsLeftAlone(String scheme, boolean isDirectory)
      throws IOException {
    Path blocking = folder.resolve("latest");
    if (isDirectory) {
      Files.createDirectories(blocking);
    } else {
      Files.writeString(blocking, "../elsewhere");
    }

    assertThatThrownBy(() -> output(root(scheme) + "/{date}").requirePointer(hadoop))
        .isInstanceOfSatisfying(
            ConveneException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.DATA))
        .hasMessageContaining("/latest is in the place of what points to the newest output");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          output/{date}/model | output.overwrite=true  | 'output.dir = "output/{date}/model" (--set), but {date} stands once, in the last'
          {date}-{date}       | output.overwrite=true  | 'output.dir = "{date}-{date}" (--set), but {date} stands once, in the last name'
          output              | output.keep=3          | 'output.keep = 3 (--set) needs an output.dir with {date} in its last name'
          output              | output.date=2026-01-01 | 'output.date = "2026-01-01" (--set) needs an output.dir with {date}'
          output/{date}       | output.date=1.1.2026   | 'output.date is "1.1.2026" (--set), but must be a date such as 2026-11-26'
          output/{date}       | output.date=2026-02-30 | 'output.date is "2026-02-30" (--set), but must be a date such as'
          output/{date}       | output.keep=0          | 'output.keep is 0 (--set), but must be'
          """)
  void wrongSettingsAreRefused(String dir, String more, String message) {
    assertThatThrownBy(() -> settings(dir, more))
        .isInstanceOfSatisfying(
            ConveneException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.USAGE))
        .hasMessageContaining(message);
  }
}
