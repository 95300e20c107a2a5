package dev.convene.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.data.IdxFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths whose characters mean something to Hadoop are read as they are written, if they exist. */
@Tag("spark")
class UnusualPathsTest {
  private static final List<String> CSV =
      List.of("data.format=csv", "data.options.header=true", "train.epochs=1", "train.workers=1");

  @TempDir Path folder;

  private static JobRun train(List<String> settings) {
    List<String> args = new ArrayList<>(List.of("train"));
    settings.forEach(setting -> args.addAll(List.of("--set", setting)));
    return JobRun.of(args.toArray(String[]::new));
  }

  private static JobRun train(String... settings) {
    return train(Stream.concat(CSV.stream(), Stream.of(settings)).toList());
  }

  private Path write(String name, String... lines) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, List.of(lines));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run [1].csv",
        "{a}.csv",
        "{a,b}/x.csv",
        "a*b?.csv",
        "scored-2026-11-26T18:21/part-0.csv",
        "back\\\\slash.csv",
        "a b%20c.csv",
        "größe.csv"
      })
  void filesAreRead(String name) throws IOException {
    Path file = write(name, "a,label", "1,0", "2,1", "3,x");
    JobRun run = train("data.train=" + file);
    assertThat(run.stderr())
        .isEqualTo(
            "convene: file:%s, line 4: column label holds 'x', not a finite number: correct the row, or name the column in data.categorical%n",
            file);
    Files.write(file, List.of("a,label", "1,0", "2,1"));
    assertThat(train("data.train=" + file, "data.test=" + file).lastLine())
        .contains(" on 2 test rows, loss ");
  }

  @Test
  void foldersAreRead() throws IOException {
    write("run [1]/b {c}.csv", "a,label", "1,0");
    write("run [1]/c.csv", "a,label", "2,1");
    JobRun run = train("data.train=" + folder.resolve("run [1]"));
    assertThat(run.stderr()).isEmpty();
    assertThat(run.status()).isZero();
  }

  @Test
  void besidePathsWithWildcards() throws IOException {
    Path literal = write("run [1].csv", "a,label", "1,0");
    write("more/1.csv", "a,label", "2,1");
    write("more/2.csv", "a,label", "3,1");
    String test = "[\"%s\", \"%s/more/*.csv\"]".formatted(literal, folder);
    JobRun run = train("data.train=" + test, "data.test=" + test);
    assertThat(run.stderr()).isEmpty();
    assertThat(run.lastLine()).contains(" on 3 test rows");
    assertThat(train("data.train=[\"%s\", \"%s/none*\"]".formatted(literal, folder)).stderr())
        .isEqualTo("convene: no such path: file:%s/none*\n".formatted(folder));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a:b.csv | Hadoop cannot read TMP/a:b.csv: there is no such path, or a file whose name has a colon: rename it",
        "18:21/[a].csv | Hadoop cannot read TMP/18:21/[a].csv: rename what has a colon, or one of {}[]*?\\, in its name",
      })
  void pathsThatHadoopCannotReadAreNamed(String name, String message) throws IOException {
    JobRun run = train("data.train=" + write(name, "a,label", "1,0", "2,1"));
    assertThat(run.stderr().replace(folder.toString(), "TMP"))
        .isEqualTo("convene: " + message + "\n");
    assertThat(run.status()).isEqualTo(3);
  }

  @Test
  void aRelativePathWithAColonThatDoesNotExistIsNamed() {
    JobRun run = train("data.train=a:b/c.csv");
    assertThat(run.stderr())
        .isEqualTo(
            "convene: Hadoop cannot read a:b/c.csv: there is no such path, or a file whose name has"
                + " a colon: rename it\n");
    assertThat(run.status()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"run [1]", "18:21"})
  void idxFilesAreRead(String name) {
    Path pair =
        IdxFiles.writePair(
            folder.resolve(name),
            "train",
            false,
            4,
            2,
            2,
            (image, place) -> image + place,
            i -> i % 2);
    JobRun run =
        train(
            List.of("data.format=idx", "data.train=" + pair, "train.epochs=1", "train.workers=1"));
    assertThat(run.stderr()).isEmpty();
    assertThat(run.status()).isZero();
  }
}
