package dev.convene.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.testkit.Checkout;
import dev.convene.testkit.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Predictions and what is set aside appear whole or not at all, wherever they go. */
@Tag("spark")
class PredictionOutputsTest {
  private static final int GOOD = 40;

  @TempDir static Path trained;
  @TempDir Path folder;

  @BeforeAll
  static void train() {
    JobRun run =
        JobRun.of(
            "train",
            Checkout.root().resolve("conf/iris.conf"),
            List.of("train.epochs=1", "train.workers=1", "output.dir=" + trained + "/model"));
    assertThat(run.status()).as(run.stderr()).isZero();
  }

  /** Two files, a partition each, of which the last has a bad row at its end. */
  private void writeInput(boolean hasBad) throws IOException {
    Path input = Files.createDirectories(folder.resolve("in"));
    String header = "sepal_length,sepal_width,petal_length,petal_width\n";
    Files.writeString(input.resolve("a.csv"), header + "5.1,3.5,1.4,0.2\n".repeat(GOOD / 2));
    Files.writeString(
        input.resolve("b.csv"),
        header + "6.3,3.3,6.0,2.5\n".repeat(GOOD / 2) + (hasBad ? "6.3,wide,6.0,2.5\n" : ""));
  }

  private JobRun predict(String... settings) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "output.dir=" + trained + "/model",
                "predict.input=" + folder + "/in",
                "predict.output=" + folder + "/p"));
    all.addAll(List.of(settings));
    return JobRun.of("predict", Checkout.root().resolve("conf/iris.conf"), all);
  }

  private void assertPredicted(JobRun run, String line) {
    assertThat(run.status()).as(run.stderr()).isZero();
    assertThat(run.lastLine()).isEqualTo(line);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.endsWith(".crc"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "predict.output=MODEL | holds output.dir = MODEL/model,",
        "predict.output=MODEL/model | is the same place as output.dir = MODEL/model,",
        "predict.output=IN | is the same place as predict.input = IN,",
        "predict.bad-rows=IN/bad | lies inside predict.input = IN,",
        "predict.bad-rows=OUT | is the same place as predict.output = OUT,",
        "predict.bad-rows=OUT/bad | lies inside predict.output = OUT,",
        "predict.output=IN/a.csv | lies inside predict.input = IN,",
      })
  void nothingIsWrittenOverWhatIsRead(String setting, String relation) throws IOException {
    writeInput(true);
    JobRun run = predict(named(setting), "predict.on-bad-row=set-aside", "predict.overwrite=true");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.stderr()).contains(named(relation));
    assertThat(names()).containsExactly("in");
    assertThat(folder.resolve("in/a.csv")).isNotEmptyFile();
    assertThat(trained.resolve("model/model/metadata")).isDirectory();
  }

  private String named(String text) {
    return text.replace("MODEL", trained + "/model")
        .replace("IN", folder + "/in")
        .replace("OUT", folder + "/p");
  }

  @ParameterizedTest
  @ValueSource(strings = {"p", "p.bad-rows"})
  void whatAnotherRunWritesIsRefused(String output) throws IOException {
    writeInput(true);
    String place = folder.resolve(output).toString();
    try (OutputLock other =
        OutputLock.acquire(StoragePath.of("test", place, new Configuration()), place, false)) {
      JobRun run = predict("predict.on-bad-row=set-aside", "predict.overwrite=true");

      assertThat(run.stderr()).contains(" " + place + ": another run writes it, process ");
      assertThat(run.status()).isEqualTo(3);
      assertThat(other).isNotNull();
    }
    assertThat(names()).containsExactly("in");
  }

  @Test
  void predictionsAndBadRowsAppearTogether() throws IOException {
    writeInput(true);
    JobRun failed = predict("predict.on-bad-row=set-aside", "predict.options.compression=nope");
    assertThat(failed.status()).isEqualTo(2);
    assertThat(failed.stderr())
        .startsWith("convene: predict.options.compression = nope is refused by format parquet: ");
    assertThat(failed.stderr().lines()).hasSize(1);
    assertThat(names()).containsExactly("in");

    assertPredicted(
        predict("predict.on-bad-row=set-aside"),
        "predicted 40 rows, set 1 bad ones aside in " + folder + "/p.bad-rows");
    assertThat(names()).containsExactly("in", "p", "p.bad-rows");

    JobRun again = predict("predict.on-bad-row=set-aside");
    assertThat(again.status()).isEqualTo(3);
    assertThat(again.stderr()).contains("predict.output " + folder + "/p exists already");

    writeInput(false);
    assertPredicted(
        predict("predict.on-bad-row=set-aside", "predict.overwrite=true"), "predicted 40 rows");
    assertThat(names()).containsExactly("in", "p");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "csv     | header=perhaps",
        "csv     | sep=",
        "csv     | encoding=runes",
        "json    | compression=nope",
        "orc     | compression=nope",
        "parquet | parquet.block.size=big",
        "table   | compression=nope",
      })
  void aWrongOptionIsNamedBeforeAnyRowIsRead(String format, String option) throws IOException {
    writeInput(true);
    JobRun run =
        predict(
            "predict.format=" + format,
            "predict.options." + option,
            "predict.output=" + (format.equals("table") ? "scored_wrong" : folder + "/p"));
    assertThat(run.status()).as(run.stderr()).isEqualTo(2);
    assertThat(run.stderr())
        .startsWith("convene: predict.options." + option.replace("=", " = "))
        .contains("is refused by format " + format + ": ");
    assertThat(run.stderr().lines()).hasSize(1);
    assertThat(names()).containsExactly("in");
  }

  @Test
  void aTableOfTheCatalogIsReplacedWholeOrNotAtAll() throws IOException {
    String[] table = {
      "predict.format=table", "predict.output=scored_whole", "predict.overwrite=true"
    };
    try {
      writeInput(false);
      assertPredicted(predict(table), "predicted 40 rows");
      writeInput(true);
      assertThat(predict(table).status()).isEqualTo(3);
      assertThat(LocalSpark.session().table("scored_whole").count()).isEqualTo(GOOD);
      writeInput(false);
      assertPredicted(predict(table), "predicted 40 rows");
      assertThat(
              LocalSpark.session().catalog().listTables().collectAsList().stream()
                  .map(found -> found.name())
                  .filter(name -> name.startsWith("scored_whole")))
          .containsExactly("scored_whole");
      JobRun ontoItself =
          predict(
              "data.format=table",
              "predict.input=scored_whole",
              "predict.format=table",
              "predict.output=SCORED_WHOLE",
              "predict.overwrite=true");
      assertThat(ontoItself.status()).isEqualTo(2);
      assertThat(ontoItself.stderr()).contains("is predict.input, which this job reads");
    } finally {
      LocalSpark.session().sql("DROP TABLE IF EXISTS scored_whole");
    }
  }

  private record Database(String url) {
    List<String> query(String sql) throws SQLException {
      List<String> values = new ArrayList<>();
      try (Connection connection = DriverManager.getConnection(url);
          ResultSet result = connection.createStatement().executeQuery(sql)) {
        while (result.next()) {
          values.add(result.getString(1));
        }
      }
      return values;
    }

    void execute(String sql) throws SQLException {
      try (Connection connection = DriverManager.getConnection(url)) {
        connection.createStatement().execute(sql);
      }
    }

    List<String> tables() throws SQLException {
      return query(
          "SELECT TABLE_NAME FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = 'PUBLIC'");
    }

    String[] settings(String... more) {
      List<String> settings =
          new ArrayList<>(
              List.of(
                  "predict.format=jdbc",
                  "predict.output=scored",
                  "predict.columns=[petal_width, prediction]",
                  "predict.options.url=" + url));
      settings.addAll(List.of(more));
      return settings.toArray(String[]::new);
    }
  }

  @Test
  void aTableOfADatabaseHoldsAllRowsOrNone() throws IOException, SQLException {
    Database database = new Database("jdbc:h2:mem:whole;DB_CLOSE_DELAY=-1");
    writeInput(true);
    JobRun failed = predict(database.settings());
    assertThat(failed.status()).isEqualTo(3);
    assertThat(failed.stderr()).contains("column sepal_width holds 'wide', not a finite number");
    assertThat(database.tables()).isEmpty();

    writeInput(false);
    assertPredicted(predict(database.settings()), "predicted 40 rows");
    assertThat(database.tables()).containsExactly("SCORED");
    assertThat(database.query("SELECT COUNT(*) FROM scored")).containsExactly("40");

    JobRun again = predict(database.settings());
    assertThat(again.status()).isEqualTo(3);
    assertThat(again.stderr())
        .contains("predict.output, table scored, exists already: choose another, or set");

    writeInput(true);
    JobRun replacing = predict(database.settings("predict.overwrite=true"));
    assertThat(replacing.status()).isEqualTo(3);
    assertThat(database.tables()).containsExactly("SCORED");
    assertThat(database.query("SELECT COUNT(*) FROM scored")).containsExactly("40");

    assertPredicted(
        predict(
            database.settings(
                "predict.overwrite=true",
                "predict.on-bad-row=set-aside",
                "predict.bad-rows=" + folder + "/bad")),
        "predicted 40 rows, set 1 bad ones aside in " + folder + "/bad");
    assertThat(database.tables()).containsExactly("SCORED");
    assertThat(names()).containsExactly("bad", "in");
  }

  @Test
  void theNameOfATableNeedNotBeAPath() throws IOException, SQLException {
    Database database = new Database("jdbc:h2:mem:named;DB_CLOSE_DELAY=-1");
    writeInput(false);
    for (int run = 0; run < 2; run++) {
      assertPredicted(
          predict(database.settings("predict.overwrite=true", "predict.output=\"a[1]:b\"")),
          "predicted 40 rows");
    }
    assertThat(database.tables()).containsExactly("a[1]:b");
  }

  @Test
  void aTableKeepsItsGrantsAndIndexesWhereItsColumnsAreThose() throws IOException, SQLException {
    Database database = new Database("jdbc:h2:mem:kept;DB_CLOSE_DELAY=-1");
    writeInput(false);
    assertPredicted(predict(database.settings()), "predicted 40 rows");
    database.execute("CREATE INDEX by_prediction ON scored (\"prediction\")");
    assertPredicted(predict(database.settings("predict.overwrite=true")), "predicted 40 rows");
    assertThat(database.query("SELECT INDEX_NAME FROM INFORMATION_SCHEMA.INDEXES"))
        .containsExactly("BY_PREDICTION");
    assertPredicted(
        predict(database.settings("predict.overwrite=true", "predict.columns=[prediction]")),
        "predicted 40 rows");
    assertThat(database.query("SELECT COUNT(*) FROM scored")).containsExactly("40");
    assertThat(database.tables()).containsExactly("SCORED");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "predict.options.url=null | predict.options.url is not set: name the database",
        "predict.options.url=jdbc:nothing:x | no JDBC driver for predict.options.url",
        "predict.options.batchsize=lots | predict.options.batchsize = lots is refused by format jdbc",
        "predict.options.driver=no.Such | predict.options.driver = no.Such is refused by format jdbc",
        "predict.partition-by=[prediction] | predict.partition-by makes directories, which",
      })
  void aDatabaseThatCannotBeWrittenIsRefusedUpFront(String setting, String message)
      throws IOException {
    writeInput(true);
    JobRun run = predict(new Database("jdbc:h2:mem:refused").settings(setting));
    assertThat(run.status()).as(run.stderr()).isEqualTo(2);
    assertThat(run.stderr()).startsWith("convene: " + message);
    assertThat(run.stderr().lines()).hasSize(1);
  }
}
