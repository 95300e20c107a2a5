package dev.convene.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.config.Settings;
import dev.convene.jobs.OutputDirectory.Kind;
import dev.convene.testkit.LocalSpark;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("spark")
class OutputDirectoryTest {
  @TempDir Path folder;

  private final Configuration hadoop = new Configuration();

  /** A local file system whose nth rename, counted from 1, fails. */
  public static final class FailingRename extends LocalFileSystem {
    private int renames;

    @Override
    public boolean rename(org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to)
        throws IOException {
      renames++;
      return renames != getConf().getInt("failing.rename", 0) && super.rename(from, to);
    }
  }

  /** A store without atomic rename. */
  public static final class ObjectStore extends RawLocalFileSystem {
    @Override
    public URI getUri() {
      return URI.create("store:///");
    }
  }

  private void failRename(int nth) {
    hadoop.setClass("fs.file.impl", FailingRename.class, LocalFileSystem.class);
    hadoop.setBoolean("fs.file.impl.disable.cache", true);
    hadoop.setInt("failing.rename", nth);
  }

  private String objectStore(String name) {
    hadoop.setClass("fs.store.impl", ObjectStore.class, RawLocalFileSystem.class);
    return "store://" + folder.resolve(name);
  }

  private String out() {
    return folder.resolve("out").toString();
  }

  private void write(String dir, boolean overwrite, String metrics) throws IOException {
    try (OutputDirectory output = OutputDirectory.open(Kind.TRAINING, dir, overwrite, hadoop)) {
      output.write("metrics.json", metrics);
      output.commit();
    }
  }

  private List<String> visible(Path path) throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.endsWith(".crc"))
          .sorted()
          .toList();
    }
  }

  private static void assertRefused(ThrowingCallable call, ExitStatus status, String message) {
    ConveneException refused = catchThrowableOfType(ConveneException.class, call);
    assertThat(refused).hasMessage(message);
    assertThat(refused.status()).isEqualTo(status);
  }

  @Test
  void appearsWholeAtCommit() throws IOException {
    try (OutputDirectory output = OutputDirectory.open(Kind.TRAINING, out(), false, hadoop)) {
      output.write("metrics.json", "{\"é\":1}\n");
      output.write("model/part", "x");
      assertThat(Path.of(out())).doesNotExist();
      assertThat(visible(folder)).singleElement().asString().startsWith("._out.");
      output.commit();
    }
    assertThat(visible(folder)).containsExactly("out");
    assertThat(visible(Path.of(out()))).containsExactly("_SUCCESS", "metrics.json", "model");
    assertThat(Path.of(out(), "metrics.json")).hasContent("{\"é\":1}\n");
  }

  @Test
  void leavesNothingWithoutCommit() throws IOException {
    try (OutputDirectory output = OutputDirectory.open(Kind.TRAINING, out(), false, hadoop)) {
      output.write("metrics.json", "{}");
    }
    assertThat(visible(folder)).isEmpty();
  }

  @Test
  void refusesAnExistingOutputUpFrontAndAtCommit() throws IOException {
    try (OutputDirectory late = OutputDirectory.open(Kind.TRAINING, out(), false, hadoop)) {
      write(out(), false, "first");
      String message =
          "output.dir " + out() + " exists already: choose another, or set output.overwrite = true";
      assertRefused(() -> write(out(), false, "second"), ExitStatus.DATA, message);
      assertRefused(late::commit, ExitStatus.DATA, message);
    }
    assertThat(Path.of(out(), "metrics.json")).hasContent("first");
    assertThat(visible(folder)).containsExactly("out");
  }

  @Test
  void replacesTheOldOutputOnlyAtCommit() throws IOException {
    write(out(), false, "first");
    Files.writeString(Path.of(out(), "more"), "");
    try (OutputDirectory output = OutputDirectory.open(Kind.TRAINING, out(), true, hadoop)) {
      output.write("metrics.json", "second");
      assertThat(Path.of(out(), "metrics.json")).hasContent("first");
      output.commit();
    }
    assertThat(Path.of(out(), "metrics.json")).hasContent("second");
    assertThat(visible(Path.of(out()))).containsExactly("_SUCCESS", "metrics.json");
    assertThat(visible(folder)).containsExactly("out");
  }

  @Test
  void aFailedRenameLeavesTheOldOutput() throws IOException {
    write(out(), false, "first");
    for (int nth : new int[] {1, 2}) {
      failRename(nth);
      assertThatThrownBy(() -> write(out(), true, "second"))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("cannot rename ");
      assertThat(Path.of(out(), "metrics.json")).hasContent("first");
      assertThat(visible(folder)).containsExactly("out");
    }
  }

  @Test
  void neverReplacesHomeOrWorkingDirectory() {
    for (String dir : List.of("/", ".", System.getProperty("user.home"))) {
      assertRefused(
          () -> OutputDirectory.open(Kind.TRAINING, dir, true, hadoop),
          ExitStatus.DATA,
          "output.dir "
              + dir
              + " holds your home or the working directory, which is never replaced: choose"
              + " another");
    }
  }

  @Test
  void tellsWhenThereIsNoSuchStorage() {
    assertRefused(
        () -> OutputDirectory.open(Kind.TRAINING, "tape://reel/out", false, hadoop),
        ExitStatus.USAGE,
        "output.dir: tape://reel/out names no storage: No FileSystem for scheme \"tape\"");
    assertThatThrownBy(() -> OutputDirectory.open(Kind.TRAINING, "a:b", false, hadoop))
        .isInstanceOf(ConveneException.class)
        .hasMessageStartingWith("output.dir a:b has a ':' in its path");
  }

  @Test
  void tellsWhenItCannotBeCreated() throws IOException {
    Files.writeString(folder.resolve("file"), "");
    String dir = folder.resolve("file/out").toString();
    assertRefused(
        () -> OutputDirectory.open(Kind.TRAINING, dir, false, hadoop),
        ExitStatus.DATA,
        "output.dir "
            + dir
            + " cannot be created: it may lie below a file, or where you must not write");
  }

  @Test
  void anObjectStoreIsWrittenInPlaceWithSuccessLast() throws IOException {
    String dir = objectStore("out");
    assertRefused(
        () -> OutputDirectory.requireComplete(dir, hadoop),
        ExitStatus.DATA,
        "there is no output " + dir);
    try (OutputDirectory output = OutputDirectory.open(Kind.TRAINING, dir, false, hadoop)) {
      output.write("metrics.json", "first");
      assertRefused(
          () -> OutputDirectory.requireComplete(dir, hadoop),
          ExitStatus.DATA,
          "output " + dir + " has no _SUCCESS: the job that writes it failed or still runs");
      output.commit();
    }
    assertThatCode(() -> OutputDirectory.requireComplete(dir, hadoop)).doesNotThrowAnyException();
    OutputDirectory.open(Kind.TRAINING, dir, true, hadoop).close();
    assertThat(Path.of(out(), "metrics.json")).hasContent("first");
  }

  @Test
  void anObjectStoreKeepsTheOldOutputUntilTheNewOneIsComplete() throws IOException {
    String dir = objectStore("out");
    write(dir, false, "first");
    try (OutputDirectory output = OutputDirectory.open(Kind.TRAINING, dir, true, hadoop)) {
      output.write("history.jsonl", "{}");
      assertThat(visible(Path.of(out()))).containsExactly("_SUCCESS", "metrics.json");
    }
    assertThat(visible(folder)).containsExactly("out");
    assertThat(Path.of(out(), "metrics.json")).hasContent("first");
    try (OutputDirectory output = OutputDirectory.open(Kind.TRAINING, dir, true, hadoop)) {
      output.write("history.jsonl", "{}");
      output.commit();
    }
    assertThat(visible(folder)).containsExactly("out");
    assertThat(visible(Path.of(out()))).containsExactly("_SUCCESS", "history.jsonl");
  }

  @Test
  void whatIsPublishedIsTakenBackUnlessItIsSettled() throws IOException {
    write(out(), false, "first");
    try (OutputDirectory output = OutputDirectory.open(Kind.TRAINING, out(), true, hadoop)) {
      output.write("metrics.json", "second");
      output.publish();
      assertThat(Path.of(out(), "metrics.json")).hasContent("second");
    }
    assertThat(Path.of(out(), "metrics.json")).hasContent("first");
    try (OutputDirectory output = OutputDirectory.open(Kind.TRAINING, out(), true, hadoop)) {
      output.write("metrics.json", "second");
      output.publish();
      output.settle();
    }
    assertThat(Path.of(out(), "metrics.json")).hasContent("second");
    assertThat(visible(folder)).containsExactly("out");
  }

  @Test
  void leavingItOutRemovesAnOlderOneAtTheEnd() throws IOException {
    write(out(), false, "first");
    for (boolean settles : new boolean[] {false, true}) {
      try (OutputDirectory output = OutputDirectory.open(Kind.TRAINING, out(), true, hadoop)) {
        output.leaveOut();
        output.publish();
        assertThat(Path.of(out(), "metrics.json")).hasContent("first");
        if (settles) {
          output.settle();
        }
      }
      assertThat(visible(folder)).isEqualTo(settles ? List.of() : List.of("out"));
    }
  }

  @Test
  void anInterruptedProgramLeavesNothingUnfinished() throws IOException {
    String dir = objectStore("out");
    OutputDirectory interrupted = OutputDirectory.open(Kind.TRAINING, dir, false, hadoop);
    interrupted.write("metrics.json", "{}");
    FileSystem.get(URI.create(dir), hadoop).close(); // as Hadoop's shutdown hook does
    assertThat(visible(folder)).isEmpty();

    write(dir, false, "{}");
    FileSystem.get(URI.create(dir), hadoop).close();
    assertThat(visible(Path.of(out()))).containsExactly("_SUCCESS", "metrics.json");
  }

  @Test
  void settingsNameTheOutput() throws IOException {
    assertThat(OutputDirectory.open(Settings.load(null, List.of()), LocalSpark.session()))
        .isEmpty();
    Settings settings = Settings.load(null, List.of("output.dir=" + out()));
    try (OutputDirectory output =
        OutputDirectory.open(settings, LocalSpark.session()).orElseThrow()) {
      output.commit();
    }
    assertThatThrownBy(() -> OutputDirectory.open(settings, LocalSpark.session()))
        .isInstanceOf(ConveneException.class)
        .hasMessageContaining("exists already");
  }
}
