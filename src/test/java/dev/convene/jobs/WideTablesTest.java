package dev.convene.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.testkit.LocalSpark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables of many columns, classes and derived columns: more than Spark plans one by one. */
@Tag("spark")
class WideTablesTest {
  @TempDir Path folder;

  private JobRun run(String job, String table, String... settings) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "data.format=csv",
                "data.options.header=true",
                "data.train=" + folder.resolve(table),
                "data.test-fraction=0.25",
                "train.epochs=1",
                "train.workers=1",
                "preprocess.scaler=standard",
                "output.dir=" + folder.resolve("out"),
                "output.overwrite=true",
                "predict.input=" + folder.resolve(table),
                "predict.output=" + folder.resolve("scored")));
    all.addAll(List.of(settings));
    List<String> args = new ArrayList<>(List.of(job));
    all.forEach(setting -> args.addAll(List.of("--set", setting)));
    JobRun run = JobRun.of(args.toArray(String[]::new));
    assertThat(run.status()).as(run.stderr()).isZero();
    return run;
  }

  @Test
  void aThousandColumnsAreReadScaledAndWritten() throws IOException {
    Random random = new Random(1);
    List<String> lines = new ArrayList<>();
    lines.add(
        IntStream.range(0, 1000).mapToObj(i -> "x" + i).collect(Collectors.joining(",")) + ",y");
    for (int row = 0; row < 300; row++) {
      String numbers =
          IntStream.range(0, 1000)
              .mapToObj(i -> Integer.toString(random.nextInt(100)))
              .collect(Collectors.joining(","));
      lines.add(numbers + "," + row % 2);
    }
    Files.write(folder.resolve("wide.csv"), lines);
    run("train", "wide.csv", "data.label=y");
    assertThat(run("predict", "wide.csv", "data.label=y").lastLine())
        .isEqualTo("predicted 300 rows");
    Dataset<Row> scored = LocalSpark.session().read().parquet(folder.resolve("scored").toString());
    assertThat(scored.columns()).hasSize(1003);
    List<String> written =
        scored.selectExpr("concat_ws(',', x0, x499, x999, y)").collectAsList().stream()
            .map(row -> row.getString(0))
            .toList();
    List<String> read =
        lines.stream()
            .skip(1)
            .map(line -> line.split(","))
            .map(f -> String.join(",", f[0], f[499], f[999], f[1000]))
            .toList();
    assertThat(written).containsExactlyInAnyOrderElementsOf(read);
  }

  @Test
  void inAWideTableOfParquetOnlyColumnsOfFewValuesHaveDictionaries() throws IOException {
    writeRepeatedNumbers(600);
    run("train", "repeated.csv", "data.label=y");
    run("predict", "repeated.csv", "data.label=y");
    assertThat(hasDictionary("x0")).isFalse();
    assertThat(hasDictionary("x599")).isFalse();
    assertThat(hasDictionary("y")).isTrue();
    run(
        "predict",
        "repeated.csv",
        "data.label=y",
        "predict.overwrite=true",
        "predict.options={parquet.dictionary.page.size = 100000}");
    assertThat(hasDictionary("x0")).isTrue();
  }

  @Test
  void inANarrowTableOfParquetColumnsOfManyValuesHaveDictionariesToo() throws IOException {
    writeRepeatedNumbers(3);
    run("train", "repeated.csv", "data.label=y");
    run("predict", "repeated.csv", "data.label=y");
    assertThat(hasDictionary("x0")).isTrue();
  }

  /** 1000 rows: in each column x 250 numbers of 6 digits, 10 bytes each in a dictionary. */
  private void writeRepeatedNumbers(int columns) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(
        IntStream.range(0, columns).mapToObj(i -> "x" + i).collect(Collectors.joining(",")) + ",y");
    for (int row = 0; row < 1000; row++) {
      lines.add((100_000 + row % 250 + ",").repeat(columns) + row % 2);
    }
    Files.write(folder.resolve("repeated.csv"), lines);
  }

  /**
   * Whether the column has one in any file of the predictions: in one of few rows it does not pay.
   */
  private boolean hasDictionary(String column) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("scored"))) {
      List<Path> parts = files.filter(file -> file.toString().endsWith(".parquet")).toList();
      assertThat(parts).isNotEmpty();
      return parts.stream().anyMatch(part -> hasDictionary(part, column));
    }
  }

  private static boolean hasDictionary(Path part, String column) {
    try (ParquetFileReader reader =
        ParquetFileReader.open(
            HadoopInputFile.fromPath(
                new org.apache.hadoop.fs.Path(part.toUri()), new Configuration()))) {
      return reader.getRowGroups().get(0).getColumns().stream()
          .filter(chunk -> chunk.getPath().toDotString().equals(column))
          .allMatch(ColumnChunkMetaData::hasDictionaryPage);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void threeHundredClassesAreStratified() throws IOException {
    List<String> lines = new ArrayList<>(List.of("x,c"));
    for (int row = 0; row < 1200; row++) {
      lines.add(row + ",class" + row % 300);
    }
    Files.write(folder.resolve("classes.csv"), lines);
    JobRun trained =
        run("train", "classes.csv", "data.label=c", "data.categorical=c", "data.stratify=true");
    // One of the four rows of each class.
    assertThat(trained.lastLine()).contains("on 300 test rows");
  }

  @Test
  void threeHundredColumnsAreDerivedAlsoFromOneAnother() throws IOException {
    Files.writeString(folder.resolve("t.csv"), "x,y\n1,0\n2,1\n3,0\n4,1\n5,0\n6,1\n7,0\n8,1\n");
    List<String> settings = new ArrayList<>(List.of("data.label=y", "data.test-fraction=0"));
    for (int i = 0; i < 300; i++) {
      settings.add("data.derive.d" + i + "=x + " + i);
    }
    settings.add("data.derive.a=z + d299");
    settings.add("data.derive.z=2 * d0");
    run("train", "t.csv", settings.toArray(String[]::new));
    settings.add("predict.columns=[d0, d299, a]");
    run("predict", "t.csv", settings.toArray(String[]::new));
    assertThat(
            LocalSpark.session()
                .read()
                .parquet(folder.resolve("scored").toString())
                .filter("d299 = d0 + 299 and a = 2 * d0 + d299")
                .count())
        .isEqualTo(8);
  }
}
