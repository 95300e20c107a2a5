package dev.convene.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.convene.testkit.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The jobs on a table as users have it: numbers, categories, missing values, labels by name. */
@Tag("spark")
class TabularJobsTest {
  /** A prime number, over seven files of a partition each. */
  private static final int ROWS = 1009;

  private static final int FILES = 7;
  private static final String PARTITION_BYTES = "spark.sql.files.maxPartitionBytes";

  @TempDir Path folder;
  private Path conf;

  @BeforeEach
  void table() throws IOException {
    LocalSpark.session().conf().set(PARTITION_BYTES, "16k");
    writeRows(folder.resolve("people"), new Random(1));
    conf = folder.resolve("people.conf");
    Files.writeString(
        conf,
        """
        data {
          format = csv
          train = "%1$s/people"
          test = "%1$s/people"
          columns = [id, age, city, hours, bought]
          options.nullValue = "?"
          label = bought
          features = [age, city, hours]
          categorical = [city, bought]
        }
        preprocess { scaler = standard, missing = mean, missing-indicator = true }
        model.hidden = [8]
        train { epochs = 5, batch-size = 16, workers = 2, optimizer.learning-rate = 0.02 }
        output.dir = "%1$s/output"
        predict { input = "%1$s/people", output = "%1$s/predictions" }
        """
            .formatted(folder));
  }

  @AfterEach
  void partitions() {
    LocalSpark.session().conf().unset(PARTITION_BYTES);
  }

  /** Who is old and lives in Rome buys. */
  private static void writeRows(Path directory, Random random) throws IOException {
    List<List<String>> files =
        Stream.generate(() -> (List<String>) new ArrayList<String>()).limit(FILES).toList();
    List<String> cities = List.of("Oslo", "Rome", "Lima");
    for (int id = 0; id < ROWS; id++) {
      int age = 20 + random.nextInt(60);
      String city = random.nextInt(50) == 0 ? "?" : cities.get(random.nextInt(3));
      String hours = random.nextInt(20) == 0 ? "?" : String.valueOf(random.nextInt(80));
      String bought = (age > 50 && city.equals("Rome")) || age > 70 ? "yes" : "no";
      files.get(id % FILES).add("%d,%d,%s,%s,%s".formatted(id, age, city, hours, bought));
    }
    Files.createDirectories(directory);
    for (int i = 0; i < FILES; i++) {
      Files.write(directory.resolve(i + ".csv"), files.get(i));
    }
  }

  private JobRun run(String job, String... settings) {
    JobRun run = JobRun.of(job, conf, List.of(settings));
    assertThat(run.status()).as(run.stderr()).isZero();
    return run;
  }

  private JsonNode json(String file) throws IOException {
    return new ObjectMapper().readTree(Files.readString(folder.resolve("output").resolve(file)));
  }

  private Dataset<Row> read(String format, String path) {
    return LocalSpark.session()
        .read()
        .format(format)
        .option("header", true)
        .load(folder.resolve(path).toString());
  }

  @Test
  void everyRowIsUsedOnceAnEpochAndPredictedOnce() throws IOException {
    assertThat(
            LocalSpark.session()
                .read()
                .csv(folder.resolve("people").toString())
                .toJavaRDD()
                .getNumPartitions())
        .isEqualTo(FILES);
    JobRun trained = run("train");
    assertThat(Files.readAllLines(folder.resolve("output/history.jsonl")))
        .hasSize(5)
        .allMatch(line -> line.contains("\"examples\":" + ROWS));
    JsonNode metrics = json("metrics.json");
    assertThat(metrics.get("rows").asInt()).isEqualTo(ROWS);
    assertThat(metrics.get("labels").toString()).isEqualTo("[\"no\",\"yes\"]");
    assertThat(metrics.get("accuracy").asDouble()).isGreaterThan(0.95);
    assertThat(run("evaluate").lastLine()).isEqualTo(trained.lastLine());

    assertThat(run("predict").lastLine()).isEqualTo("predicted 1009 rows");
    Dataset<Row> predictions = read("parquet", "predictions");
    assertThat(predictions.columns())
        .containsExactly(
            "id", "age", "city", "hours", "bought", "prediction", "predictedLabel", "probability");
    assertThat(predictions.select("id").as(Encoders.STRING()).collectAsList())
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, ROWS).mapToObj(Integer::toString).toList());
    long right = predictions.filter("bought = predictedLabel").count();
    assertThat((double) right / ROWS).isEqualTo(metrics.get("accuracy").asDouble());
    assertThat(predictions.filter("predictedLabel = 'yes' AND prediction <> 1").count()).isZero();
  }

  @Test
  void badRowsAreSetAsideWithTheirReason() throws IOException {
    run("train", "train.epochs=1");
    Files.write(
        folder.resolve("people/bad.csv"),
        List.of(
            "2000,old,Rome,40,?",
            "2001,30,Rome,40,no,more",
            "2002,30,Rome,40,?",
            "2003,1e999,Oslo,?,no"));
    JobRun stopped = JobRun.of("predict", conf, List.of());
    assertThat(stopped.status()).isEqualTo(3);
    assertThat(stopped.stderr())
        .contains(
            "column age holds 'old', not a finite number; correct the row, or set"
                + " predict.on-bad-row = set-aside");
    assertThat(folder.resolve("predictions")).doesNotExist();

    assertThat(run("predict", "predict.on-bad-row=set-aside").lastLine())
        .isEqualTo(
            "predicted 1010 rows, set 3 bad ones aside in " + folder + "/predictions.bad-rows");
    assertThat(read("parquet", "predictions").count()).isEqualTo(ROWS + 1);
    List<String> reasons =
        read("json", "predictions.bad-rows")
            .sort("reason")
            .select("reason")
            .as(Encoders.STRING())
            .collectAsList();
    String file = "file:" + folder + "/people/bad.csv: ";
    assertThat(reasons)
        .containsExactly(
            file + "a row does not have 5 fields as the first one does: 2001,30,Rome,40,no,more",
            file + "column age holds '1e999', not a finite number",
            file + "column age holds 'old', not a finite number");
  }

  @Test
  void predictionsGoWhereAndAsTheyAreWanted() throws IOException {
    run("train", "train.epochs=1");
    run(
        "predict",
        "predict.format=csv",
        "predict.options.header=true",
        "predict.columns=[id, probability, predictedLabel, city]",
        "predict.partition-by=city");
    try (Stream<Path> files = Files.list(folder.resolve("predictions"))) {
      assertThat(
              files
                  .map(path -> path.getFileName().toString())
                  .filter(name -> name.startsWith("city")))
          .containsExactlyInAnyOrder(
              "city=Oslo", "city=Rome", "city=Lima", "city=__HIVE_DEFAULT_PARTITION__");
    }
    Dataset<Row> predictions = read("csv", "predictions");
    assertThat(predictions.columns())
        .containsExactly("id", "probability", "predictedLabel", "city");
    assertThat(predictions.count()).isEqualTo(ROWS);
    assertThat(predictions.head().getString(1)).matches("\\[0\\.\\d+(E-\\d+)?,0\\.\\d+(E-\\d+)?]");
  }

  @Test
  void stratifiedSharesAreSetAside() throws IOException {
    run(
        "train",
        "data.test=null",
        "data.test-fraction=0.2",
        "data.stratify=true",
        "data.validation-fraction=0.25",
        "train.epochs=1");
    JsonNode matrix = json("metrics.json").get("confusionMatrix");
    int tested = 0;
    for (int label = 0; label < 2; label++) {
      long rows =
          LocalSpark.session()
              .read()
              .csv(folder.resolve("people").toString())
              .filter("_c4 = '" + List.of("no", "yes").get(label) + "'")
              .count();
      int aside = matrix.get(label).get(0).asInt() + matrix.get(label).get(1).asInt();
      // Rows that are equal but for their id, which is no feature, stay together.
      assertThat(aside).isBetween((int) Math.round(0.2 * rows), (int) Math.round(0.2 * rows) + 1);
      tested += aside;
    }
    assertThat(json("history.jsonl").get("examples").asInt())
        .isBetween((ROWS - tested) * 3 / 4 - 2, (ROWS - tested) * 3 / 4 + 1);
  }

  /** Of a class of one row, either it is a training row or the message says how it would be. */
  @ParameterizedTest
  @CsvSource({"rare, [label]", "2, []"})
  void aClassThatTheSplitTookNeedsAStratifiedOne(String rare, String categorical)
      throws IOException {
    List<String> lines = new ArrayList<>(List.of("x,label"));
    for (int i = 0; i < 20; i++) {
      lines.add(i + "," + i % 2);
    }
    lines.add("99," + rare);
    Path file = Files.write(folder.resolve("rare.csv"), lines);
    List<String> settings =
        List.of(
            "data.format=csv",
            "data.options.header=true",
            "data.train=" + file,
            "data.test-fraction=0.5",
            "data.categorical=" + categorical,
            "train.epochs=1",
            "train.workers=1",
            "output.dir=null");
    JobRun refused = null;
    int seed = 0;
    while (refused == null) {
      JobRun run = JobRun.of("train", emptyConf(), with(settings, "train.seed=" + ++seed));
      assertThat(run.status()).as(run.stderr()).isIn(0, 3);
      refused = run.status() == 3 ? run : null;
    }
    assertThat(refused.stderr())
        .contains(
            "the test rows of data.train = " + file,
            "the split left no training row of this class: set data.stratify = true");
    JobRun stratified =
        JobRun.of("train", emptyConf(), with(settings, "train.seed=" + seed, "data.stratify=true"));
    assertThat(stratified.lastLine()).as(stratified.stderr()).contains("on 10 test rows");
  }

  private Path emptyConf() throws IOException {
    return Files.writeString(folder.resolve("empty.conf"), "");
  }

  private static List<String> with(List<String> settings, String... more) {
    return Stream.concat(settings.stream(), Stream.of(more)).toList();
  }

  @Test
  void classesWeighAndThresholdsDecide() throws IOException {
    run("train", "model.balance-classes=true");
    double balanced = json("metrics.json").get("recall").get(1).asDouble();
    run("train", "output.overwrite=true", "model.class-weights.yes=0.01");
    double neglected = json("metrics.json").get("recall").get(1).asDouble();
    assertThat(balanced).isGreaterThan(0.9);
    assertThat(neglected).isLessThan(0.3);
    JobRun trained = run("train", "output.overwrite=true", "model.thresholds.yes=0.001");
    assertThat(json("metrics.json").get("recall").get(1).asDouble()).isEqualTo(1);
    assertThat(run("evaluate").lastLine()).isEqualTo(trained.lastLine());
  }

  @Test
  void aRegressionHasSeveralOutputs() throws IOException {
    String[] settings = {
      "model.task=regression",
      "data.label=[age, twice]",
      "data.derive.twice=2 * age + 1",
      "data.categorical=city",
      "data.features=[id, city]",
      "train.epochs=2",
      "predict.format=json"
    };
    run("train", settings);
    JsonNode byOutput = json("metrics.json").get("byOutput");
    assertThat(byOutput).hasSize(2);
    assertThat(json("metrics.json").get("labels").toString()).isEqualTo("[\"age\",\"twice\"]");
    run("predict", settings);
    Dataset<Row> errors =
        read("json", "predictions")
            .selectExpr(
                "sqrt(avg(pow(prediction[0] - age, 2)))",
                "sqrt(avg(pow(prediction[1] - twice, 2)))");
    assertThat(errors.head().getDouble(0))
        .isCloseTo(byOutput.get(0).get("rmse").asDouble(), within(1e-4));
    assertThat(errors.head().getDouble(1))
        .isCloseTo(byOutput.get(1).get("rmse").asDouble(), within(1e-4));
  }
}
