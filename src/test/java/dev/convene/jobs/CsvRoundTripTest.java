package dev.convene.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Csv files that Python's csv module writes are read, and written so that it reads them. */
@Tag("spark")
@Tag("process")
class CsvRoundTripTest {
  /** What a note may be; written in csv by RFC 4180, of one line each but for the last. */
  private static final List<String> NOTES =
      List.of(
          "5\" disc",
          "say \"hi\", ok",
          "\"",
          "\"quoted\"",
          "C:\\temp\\",
          "a \\\" b",
          "  blanks  ",
          "\ttab\t",
          "it's",
          "a,b",
          "größe",
          "#no comment");

  private static final String WRITE =
      """
      import csv, json, sys
      with open(sys.argv[1], "w", newline="", encoding="utf-8") as f:
          rows = csv.writer(f, lineterminator="\\n")
          rows.writerows(json.loads(sys.argv[2]))
      """;

  private static final String READ =
      """
      import csv, json, sys
      with open(sys.argv[1], newline="", encoding="utf-8") as f:
          print(json.dumps(list(csv.reader(f))))
      """;

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private Path table;

  @BeforeEach
  void python() throws IOException {
    Path path =
        Stream.of(System.getenv("PATH").split(":"))
            .map(dir -> Path.of(dir, "python3"))
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(null);
    assumeThat(path).as("python3 on the PATH").isNotNull();
    table = folder.resolve("notes.csv");
  }

  private static String python(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("python3", "-c"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return out;
  }

  /** Rows of a note, a number and a label. */
  private void writeByPython(List<String> notes) throws Exception {
    List<List<String>> rows = new ArrayList<>(List.of(List.of("note", "x", "label")));
    for (int i = 0; i < notes.size(); i++) {
      rows.add(List.of(notes.get(i), String.valueOf(i), String.valueOf(i % 2)));
    }
    python(WRITE, table.toString(), JSON.writeValueAsString(rows));
  }

  /** The rows of the only file that a job wrote. */
  private String[][] readByPython(String output) throws Exception {
    try (Stream<Path> files = Files.list(folder.resolve(output))) {
      Path part =
          files
              .filter(file -> file.getFileName().toString().startsWith("part-"))
              .findFirst()
              .orElseThrow();
      return JSON.readValue(python(READ, part.toString()), String[][].class);
    }
  }

  private JobRun job(String job, String... settings) {
    List<String> args = new ArrayList<>(List.of(job));
    Stream.concat(
            Stream.of(
                "data.format=csv",
                "data.options.header=true",
                "data.train=" + table,
                "data.features=[x]",
                "train.epochs=1",
                "train.workers=1",
                "output.dir=" + folder.resolve("model"),
                "predict.input=" + table,
                "predict.format=csv",
                "predict.options.header=true",
                "predict.columns=[note, x, prediction]"),
            Stream.of(settings))
        .forEach(setting -> args.addAll(List.of("--set", setting)));
    JobRun run = JobRun.of(args.toArray(String[]::new));
    assertThat(run.status()).as(run.stderr()).isZero();
    return run;
  }

  private static List<String> notes(String[][] rows) {
    return Arrays.stream(rows).skip(1).map(row -> row[0]).toList();
  }

  @Test
  void predictionsGoThroughPythonAndBack() throws Exception {
    writeByPython(NOTES);
    job("train");
    job("predict", "predict.output=" + folder.resolve("first"));
    String[][] rows = readByPython("first");
    assertThat(rows[0]).containsExactly("note", "x", "prediction");
    assertThat(List.of(rows)).allMatch(row -> row.length == 3);
    assertThat(notes(rows)).containsExactlyElementsOf(NOTES);

    job(
        "predict",
        "predict.input=" + folder.resolve("first"),
        "predict.columns=[note, x]",
        "data.derive.prediction=null",
        "predict.output=" + folder.resolve("second"));
    assertThat(notes(readByPython("second"))).containsExactlyElementsOf(NOTES);
  }

  @Test
  void linesInsideOfAFieldAreReadByMultiLine() throws Exception {
    List<String> notes = List.of("two\nlines", "three\n\"quoted\"\nlines", "one", "cr\rlf\r\n");
    writeByPython(notes);
    job("train", "data.options.multiLine=true");
    job(
        "predict",
        "data.options.multiLine=true",
        "predict.output=" + folder.resolve("predictions"));
    assertThat(notes(readByPython("predictions"))).containsExactlyElementsOf(notes);
  }

  @Test
  void optionsAreStrongerThanTheDefaults() throws Exception {
    Files.writeString(table, "note,x,label\n\"5\\\" disc\",1,0\n'a',2,1\n");
    job("train", "data.options.escape=\\");
    job(
        "predict",
        "data.options.escape=\\",
        "predict.options.quote='",
        "predict.output=" + folder.resolve("predictions"));
    try (Stream<Path> files = Files.list(folder.resolve("predictions"))) {
      Path part =
          files
              .filter(file -> file.getFileName().toString().startsWith("part-"))
              .findFirst()
              .orElseThrow();
      // By the same rule: the quote that was chosen is doubled.
      assertThat(Files.readAllLines(part).stream().skip(1).map(line -> line.split(",", -1)[0]))
          .containsExactly("5\" disc", "'''a'''");
    }
  }
}
