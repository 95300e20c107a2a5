package dev.convene.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.config.Keys;
import dev.convene.config.Settings;
import dev.convene.testkit.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole numbers are the same categories, however a column holds them. */
@Tag("spark")
class CategorySpellingTest {
  private static final String TRAINED = "accuracy 1.0000 on 40 test rows";

  @TempDir static Path folder;

  /** Trains on the categories 0 to 3, which tell the label, 10 or 20. */
  @BeforeAll
  static void train() throws IOException {
    Path table = folder.resolve("train.csv");
    List<String> lines = new ArrayList<>(List.of("c,label"));
    for (int i = 0; i < 40; i++) {
      lines.add(i % 4 + "," + (i % 4 < 2 ? 10 : 20));
    }
    Files.write(table, lines);
    JobRun run =
        job(
            "train",
            "data.format=csv",
            "data.options.header=true",
            "data.train=" + table,
            "data.test=" + table,
            "train.epochs=60",
            "train.workers=1",
            "train.batch-size=10",
            "train.optimizer.learning-rate=0.1");
    assertThat(run.status()).as(run.stderr()).isZero();
    assertThat(run.lastLine()).startsWith(TRAINED);
  }

  private static JobRun job(String job, String... settings) {
    List<String> args = new ArrayList<>(List.of(job));
    Stream.concat(
            Stream.of(
                "data.label=label",
                "data.categorical=[c, label]",
                "output.dir=" + folder.resolve("model")),
            Stream.of(settings))
        .forEach(setting -> args.addAll(List.of("--set", setting)));
    return JobRun.of(args.toArray(String[]::new));
  }

  private JobRun evaluate(String c, String label) {
    String table = folder.resolve("test.parquet").toString();
    LocalSpark.session()
        .range(40)
        .selectExpr(
            c.formatted("id % 4") + " AS c",
            label.formatted("if(id % 4 < 2, 10, 20)") + " AS label")
        .coalesce(1)
        .write()
        .mode("overwrite")
        .parquet(table);
    return job("evaluate", "data.format=parquet", "data.test=" + table);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CAST(%s AS DOUBLE)",
        "CAST(%s AS FLOAT)",
        "CAST(%s AS INT)",
        "CAST(%s AS DECIMAL(5, 2))",
        "CONCAT(CAST(%s AS STRING), '.0')",
        "CONCAT(CAST(%s AS STRING), 'E0')"
      })
  void isTheSame(String stored) throws IOException {
    JobRun run = evaluate(stored, stored);
    assertThat(run.stderr()).isEmpty();
    assertThat(run.lastLine()).startsWith(TRAINED);
    assertThat(warnings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CAST(%s AS DOUBLE) + 0.5",
        "CONCAT('0', CAST(%s AS STRING))",
        "CONCAT('c', CAST(%s AS STRING))",
        "CONCAT(CAST(%s AS STRING), 'e99999999')"
      })
  void anotherIsNot(String stored) throws IOException {
    JobRun run = evaluate(stored, "%s");
    assertThat(run.lastLine()).startsWith("accuracy 0.5000 on 40 test rows");
    assertThat(warnings())
        .hasSize(1)
        .first()
        .asString()
        .startsWith(
            "column c of data.test: training saw the category of 0 of the first 40 rows, but none"
                + " like '");
  }

  /** What evaluate logs. */
  private List<String> warnings() throws IOException {
    Settings settings =
        Settings.load(
            null,
            List.of(
                "output.dir=" + folder.resolve("model"),
                "data.format=parquet",
                "data.test=" + folder.resolve("test.parquet")));
    ScoringPipeline model = ScoringPipeline.load(settings, LocalSpark.session());
    InputReader data = new InputReader(settings, LocalSpark.session());
    return model.warnings(data.read(Keys.DATA_TEST, model.columns(List.of())), "data.test");
  }

  @Test
  void someUnknownCategoriesAreNoMatter() throws IOException {
    evaluate("if(%1$s = 3, 7, %1$s)", "%s");
    assertThat(warnings()).isEmpty();
  }
}
