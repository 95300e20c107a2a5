package dev.convene.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.testkit.LocalSpark;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Sources that Spark cannot read, or only with other options: each ends in one sentence that names
 * the file or the option, with a status that no retry is needed for. In messages TMP stands for the
 * test's folder.
 */
@Tag("spark")
class UnreadableSourceTest {
  private static final int USAGE = 2;
  private static final int DATA = 3;
  private static final String ANSI = "spark.sql.ansi.enabled";

  @TempDir Path folder;

  @AfterEach
  void session() {
    LocalSpark.session().conf().unset(ANSI);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 0:1.5 1:2 | index 0: count the features from 1: 0 0:1.5 1:2",
        "0 -1:1.5    | index -1: count the features from 1: 0 -1:1.5",
        "0 2:1 1:2   | index 1 comes after 2: write them in ascending order: 0 2:1 1:2",
        "0 1:1 1:2   | index 1 comes after 1: write them in ascending order: 0 1:1 1:2",
        "0 1         | '1' is no index:value: 0 1",
        "0,1,2       | libsvm's lines are numbers, label index:value index:value ...: 0,1,2",
        "0 1:x       | libsvm's lines are numbers, label index:value index:value ...: 0 1:x",
        "0 9999999999:1 | libsvm's lines are numbers, label index:value index:value ...: 0 9999999999:1",
      })
  void libsvm(String line, String problem) throws IOException {
    Path file = write("t.libsvm", "1 1:0.5 2:1", "# all of it", line, "0 2:3");
    assertRefused(
        DATA, "file:TMP/t.libsvm, line 3: " + problem, "data.format=libsvm", "data.train=" + file);
  }

  @Test
  void libsvmOptions() throws IOException {
    Path file = write("t.libsvm", "1 1:0.5 3:1", "0 2:3");
    List<String> libsvm = List.of("data.format=libsvm", "data.train=" + file);
    assertRefused(
        DATA,
        "file:TMP/t.libsvm, line 1: the row has more features than data.options.numFeatures says:"
            + " 1 1:0.5 3:1",
        with(libsvm, "data.options.numFeatures=2"));
    assertRefused(
        USAGE,
        "data.options.numFeatures = many is no whole number of at least 1",
        with(libsvm, "data.options.numFeatures=many"));
    assertRefused(
        USAGE,
        "data.options.vectorType = spares is neither sparse nor dense",
        with(libsvm, "data.options.vectorType=spares"));
  }

  @Test
  void commentsInLibsvmAreRead() throws IOException {
    Path file = write("t.libsvm", "# first", "1 1:0.5 2:1 # a comment", "", "0 2:3#4:5", "0");
    assertThat(train("data.format=libsvm", "data.train=" + file).status()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"int, int32", "boolean, boolean"})
  void parquetFilesOfDifferentTypes(String type, String found) {
    SparkSession spark = LocalSpark.session();
    String folder = this.folder.resolve("t").toString();
    spark
        .range(20)
        .selectExpr("id * 0.5D AS a", "id % 2 AS label")
        .coalesce(1)
        .write()
        .parquet(folder);
    spark
        .range(4)
        .selectExpr("CAST(id AS %s) AS a".formatted(type), "id % 2 AS label")
        .coalesce(1)
        .write()
        .mode("append")
        .parquet(folder);
    JobRun run = train("data.format=parquet", "data.train=" + folder);
    assertThat(run.stderr().replaceAll("part-[^:]*parquet", "PART"))
        .isIn(
            "convene: file:%s/PART: column a is of type %s there, not double as in other files: write all files with the same types\n"
                .formatted(folder, found),
            "convene: file:%s/PART: column a is of type double there, not %s as in other files: write all files with the same types\n"
                .formatted(folder, type));
    assertThat(run.status()).isEqualTo(DATA);
  }

  @ParameterizedTest
  @CsvSource({"10", "100000"})
  void truncatedGzip(int rows) throws IOException {
    Path table = Files.createDirectory(folder.resolve("t"));
    byte[] whole = gzip(rows);
    Files.write(table.resolve("1.csv.gz"), whole);
    Files.write(table.resolve("2.csv.gz"), Arrays.copyOf(whole, whole.length - 9));
    Files.write(table.resolve("3.csv.gz"), whole);
    assertRefused(
        DATA,
        "cannot read file:TMP/t/2.csv.gz: Unexpected end of input stream: write the file again, or leave it"
            + " out",
        csv(table));
  }

  @Test
  void otherThanGzip() throws IOException {
    assertRefused(
        DATA,
        "cannot read TMP/x.csv.gz as csv: file:TMP/x.csv.gz: not a gzip file",
        csv(write("x.csv.gz", "a,label", "1,0", "2,1")));
  }

  private static byte[] gzip(int rows) throws IOException {
    Random random = new Random(1);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write("a,label\n".getBytes(StandardCharsets.UTF_8));
      for (int i = 0; i < rows; i++) {
        out.write((random.nextInt() + "," + i % 2 + "\n").getBytes(StandardCharsets.UTF_8));
      }
    }
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "cast(n as int) | The value 'abc' of the type \"STRING\" cannot be cast to \"INT\" because it is malformed",
        "try_cast(n as int) / a | Division by zero",
        "a + cast(n as double) | The value 'abc' of the type \"STRING\" cannot be cast to \"DOUBLE\" because it is malformed",
      })
  void derivedColumnsUnderAnsi(String expression, String problem) throws IOException {
    LocalSpark.session().conf().set(ANSI, true);
    Path table = Files.createDirectory(folder.resolve("t"));
    write("t/1.csv", "a,n,label", "1,2,0", "2,3,1");
    write("t/2.csv", "a,n,label", "1,2,0", "0,1,1", "1,abc,1");
    assertRefused(
        DATA,
        "file:TMP/t/2.csv: data.derive.m = %s: %s: correct the row, or let the expression give null for such a value (try_cast, try_divide, ...)"
            .formatted(expression, problem),
        with(csv(table), "data.derive.m=" + expression, "data.features=[m]"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "sep=      | data.options.sep: Delimiter cannot be empty",
        "sep=\\   | data.options.sep: Single backslash is prohibited. It has special meaning as beginning of an escape sequence. To get the backslash character, pass a string with two backslashes as the delimiter",
        "header=yes | data.options.header: header flag can be true or false",
        "maxColumns=lots | data.options.maxColumns: maxColumns should be an integer. Found lots",
        "comment=## | data.options.comment: comment cannot be more than one character",
        "encoding=klingon | data.options.encoding: klingon",
        "multiLine=perhaps | data.options.multiLine: For input string: \"perhaps\"",
        "maxColumns=2 | a csv row has more than 2 fields: set data.options.maxColumns to as many as the table has (if it has fewer, check data.options.sep and quotes)",
        "maxCharsPerColumn=3 | a csv field has more than 3 characters: set data.options.maxCharsPerColumn to as many as the longest has",
      })
  void csvOptions(String option, String message) throws IOException {
    Path file = write("t.csv", "a,bcdefg,label", "1,2,0", "2,3,1");
    assertRefused(USAGE, message, with(csv(file), "data.options." + option));
  }

  @Test
  void aWideCsv() throws IOException {
    String numbers = String.join(",", Collections.nCopies(21_001, "1"));
    assertRefused(
        USAGE,
        "a csv row has more than 20480 fields: set data.options.maxColumns to as many as the table"
            + " has (if it has fewer, check data.options.sep and quotes)",
        with(csv(write("t.csv", numbers, numbers)), "data.label=_c0", "data.options.header=false"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "json | multiLine=perhaps | data.options.multiLine: For input string: \"perhaps\"",
        "json | samplingRatio=a | data.options.samplingRatio: For input string: \"a\"",
      })
  void optionsOfOtherFormats(String format, String option, String message) throws IOException {
    Path file = write("t.json", "{\"a\":1,\"label\":0}", "{\"a\":2,\"label\":1}");
    assertRefused(
        USAGE, message, "data.format=" + format, "data.train=" + file, "data.options." + option);
  }

  /** Each of its pages may be damaged in a way of its own: the file is named, and the status 3. */
  @ParameterizedTest
  @CsvSource({
    "snappy, 3, false",
    "gzip, 3, false",
    "zstd, 3, false",
    "uncompressed, 2, false",
    "snappy, 3, true"
  })
  void damagedParquetPages(String compression, int part, boolean checksum) throws IOException {
    Path table = folder.resolve("t");
    LocalSpark.session()
        .range(20_000)
        .selectExpr("rand(1) AS a", "CAST(id * 7919 AS STRING) AS c", "id % 2 AS label")
        .coalesce(1)
        .write()
        .option("compression", compression)
        .parquet(table.toString());
    Path file;
    try (Stream<Path> files = Files.list(table)) {
      file = files.filter(path -> path.toString().endsWith(".parquet")).findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(file);
    // The header of the first page, then what a quarter of the file holds: text without a length.
    Arrays.fill(bytes, 6, 30, (byte) 0x7f);
    Arrays.fill(bytes, bytes.length / 4 * part - 2000, bytes.length / 4 * part, (byte) 0xff);
    Files.write(file, bytes);
    if (!checksum) {
      Files.delete(file.resolveSibling("." + file.getFileName() + ".crc"));
    }
    JobRun run =
        train(
            "data.format=parquet",
            "data.train=" + table,
            "data.features=[a, c]",
            "data.categorical=[c]");
    assertThat(run.stderr())
        .startsWith("convene: cannot read file:" + file + ": ")
        .endsWith(": write the file again, or leave it out\n");
    assertThat(run.stderr().lines()).hasSize(1);
    assertThat(run.status()).isEqualTo(DATA);
  }

  @ParameterizedTest
  @CsvSource({"1,2,3,0", "'1,2'"})
  void rowsOfFoldersHaveTheFieldsOfTheirFile(String row) throws IOException {
    Files.createDirectories(folder.resolve("t/month=01"));
    Files.createDirectories(folder.resolve("t/month=02"));
    write("t/month=01/x.csv", "a,b,label", "1,2,0", "3,4,1");
    write("t/month=02/x.csv", "a,b,label", "1,2,0", row);
    assertRefused(
        DATA,
        "file:TMP/t/month=02/x.csv, line 3: a row does not have 3 fields as the first one does: "
            + row,
        csv(folder.resolve("t")));
  }

  @Test
  void dataColumnsNameTheFieldsOfTheFiles() throws IOException {
    Files.createDirectories(folder.resolve("t/month=01"));
    write("t/month=01/x.csv", "1,2,0", "3,4,1");
    List<String> settings = List.of("data.format=csv", "data.train=" + folder.resolve("t"));
    assertThat(train(with(settings, "data.columns=[a, b, label]")).status()).isZero();
    assertThat(train(with(settings, "data.columns=[a, b, label, month]")).status()).isZero();
    assertRefused(
        DATA,
        "data.columns has 2 names, but the first row of TMP/t has 3 fields",
        with(settings, "data.columns=[a, label]"));
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void aQuoteThatIsNotClosed(boolean multiLine) throws IOException {
    List<String> lines = new ArrayList<>(List.of("a,b,label", "1,2,0", "3,\"4,1"));
    lines.addAll(Collections.nCopies(600, "5,6,1"));
    Path file = Files.write(folder.resolve("t.csv"), lines);
    assertRefused(
        DATA,
        "file:TMP/t.csv%s: a row has a quote that is not closed, so it does not have 3 fields as the first one does (if fields hold line breaks, set data.options.multiLine = true): 3,\"4,1%s"
            .formatted(multiLine ? "" : ", line 3", multiLine ? " ..." : ""),
        with(csv(file), "data.options.multiLine=" + multiLine));
  }

  private Path write(String name, String... lines) throws IOException {
    return Files.write(folder.resolve(name), List.of(lines));
  }

  private static String[] csv(Path table) {
    return new String[] {"data.format=csv", "data.options.header=true", "data.train=" + table};
  }

  private static String[] with(String[] settings, String... more) {
    return with(List.of(settings), more);
  }

  private static String[] with(List<String> settings, String... more) {
    return Stream.concat(settings.stream(), Stream.of(more)).toArray(String[]::new);
  }

  private void assertRefused(int status, String message, String... settings) {
    JobRun run = train(settings);
    assertThat(run.stderr().replace(folder.toString(), "TMP"))
        .isEqualTo("convene: " + message + "\n");
    assertThat(run.status()).isEqualTo(status);
  }

  private static JobRun train(String... settings) {
    List<String> args = new ArrayList<>(List.of("train"));
    Stream.concat(Stream.of("train.epochs=1", "train.workers=1"), Stream.of(settings))
        .forEach(setting -> args.addAll(List.of("--set", setting)));
    return JobRun.of(args.toArray(String[]::new));
  }
}
