package dev.convene.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.convene.GoldenNumbers;
import dev.convene.testkit.Checkout;
import dev.convene.testkit.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.feature.StandardScalerModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The confs of conf/lecture print what the lecture prints. */
@Tag("spark")
class LectureTest {
  private static final double PERCENT = 1e-5 * 100;

  private static final Path DATA = Checkout.root().resolve("conf/lecture/data");
  private static final JsonNode TABLES = tables();

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "early-stopping,                 /softmaxClassifier/earlyStopping,        1e-5",
    "learning-rate-too-small,        /softmaxClassifier/learningRateTooSmall, 1e-5",
    "learning-rate-right,            /softmaxClassifier/learningRateRight,    1e-5",
    "learning-rate-too-large,        /softmaxClassifier/learningRateTooLarge, 1e-3",
    "linear-regression-standardized, /linearRegressionStandardized,           1e-5",
  })
  void costs(String conf, String table, double tolerance) throws IOException {
    JobRun run = train(conf, "train.on-divergence=continue");

    assertThat(run.stderr()).isEmpty();
    assertThat(run.status()).isZero();
    List<JsonNode> history = history();
    JsonNode costs = TABLES.at(table).get("costPerEpoch");
    assertThat(history).hasSameSizeAs(costs);
    for (int epoch = 0; epoch < history.size(); epoch++) {
      assertThat(history.get(epoch).get("trainLoss").asDouble())
          .as("epoch %s", epoch + 1)
          .isCloseTo(costs.get(epoch).asDouble(), withinPercentage(100 * tolerance));
      assertThat(history.get(epoch).get("learningRate").asDouble())
          .isEqualTo(TABLES.at(table).get("learningRate").asDouble());
    }
  }

  @Test
  void costsOfFeaturesAsTheyAre() throws IOException {
    assertThat(train("linear-regression-raw").status()).isZero();

    List<JsonNode> history = history();
    double[] costs = GoldenNumbers.doubles(TABLES.at("/linearRegressionRaw/costPerEpoch"));
    assertThat(history).hasSize(costs.length);
    for (int epoch = 0; epoch < costs.length; epoch++) {
      GoldenNumbers.assertClose(
          "cost of epoch " + (epoch + 1),
          history.get(epoch).get("trainLoss").asDouble(),
          costs[epoch],
          1e-6,
          GoldenNumbers.squaredErrorRounding(costs[epoch], 4, 196));
    }
  }

  @Test
  void testRowsAreAllWrong() throws IOException {
    JobRun run = train("early-stopping");

    assertThat(run.lastLine()).isEqualTo("accuracy 0.0000 on 3 test rows, loss 1.4258");
    JsonNode metrics = json(Files.readString(output("metrics.json")));
    assertThat(metrics.get("accuracy").asDouble()).isZero();
    assertThat(metrics.get("loss").asDouble())
        .isCloseTo(
            TABLES.at("/softmaxClassifier/earlyStopping/testCost").asDouble(),
            withinPercentage(PERCENT));
  }

  @Test
  void aLearningRateThatIsTooLargeStopsTraining() {
    JobRun run = train("learning-rate-too-large");

    assertThat(run.status()).isEqualTo(4);
    assertThat(run.stderr())
        .isEqualTo(
            "convene: training diverged in epoch 2, round 1: worker 0 has a training loss of"
                + " 976951, more than 1000.0 times the first epoch's 1.28027, at learning rate 100000.0. Try a smaller learning rate, or scale the features; on-divergence = continue would go on\n");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void withoutTheScalerTheSameLearningRateDiverges() {
    assertThat(train("linear-regression-standardized", "preprocess.scaler=none").status())
        .isEqualTo(4);
  }

  @Test
  void standardization() throws IOException {
    assertThat(train("linear-regression-standardized").status()).isZero();

    Transformer[] stages = PipelineModel.load(output("model").toString()).stages();
    assertThat(stages).hasSize(3);
    StandardScalerModel scaler = (StandardScalerModel) stages[1];
    JsonNode table = TABLES.get("standardization");
    assertClose(scaler.mean(), table.get("mean"));
    assertClose(scaler.std(), table.get("sampleStd"));
    List<Row> rows =
        scaler.transform(stages[0].transform(exams())).select(scaler.getOutputCol()).takeAsList(9);
    assertThat(rows).hasSameSizeAs(table.get("standardized"));
    for (int i = 0; i < rows.size(); i++) {
      assertClose(rows.get(i).getAs(0), table.get("standardized").get(i));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5})
  void linearRegressionPredictsAsTheLectureDoes(int epochs) throws IOException {
    assertThat(train("linear-regression-raw", "train.epochs=" + epochs).status()).isZero();

    JsonNode hypothesis = TABLES.at("/linearRegressionRaw/hypothesisPerEpoch").get(epochs);
    List<Row> rows =
        PipelineModel.load(output("model").toString())
            .transform(exams())
            .select("prediction")
            .takeAsList(9);
    assertThat(rows).hasSameSizeAs(hypothesis);
    for (int i = 0; i < rows.size(); i++) {
      assertThat(rows.get(i).getDouble(0))
          .isCloseTo(hypothesis.get(i).asDouble(), withinPercentage(PERCENT));
    }
  }

  @Test
  void theConfsNameFilesThatAreThere() throws IOException {
    try (Stream<Path> confs = Files.list(DATA.getParent())) {
      for (Path conf : confs.filter(file -> file.toString().endsWith(".conf")).toList()) {
        Matcher named = Pattern.compile("conf/lecture/\\S+").matcher(Files.readString(conf));
        while (named.find()) {
          assertThat(Checkout.root().resolve(named.group())).as("in " + conf).isRegularFile();
        }
      }
    }
  }

  /** Runs a conf, whose paths are relative to the checkout's root, with absolute paths. */
  private JobRun train(String conf, String... settings) {
    List<String> all = new ArrayList<>(List.of(settings));
    all.add("output.dir=" + folder.resolve("out"));
    boolean classifies = !conf.startsWith("linear");
    all.add("data.train=" + DATA.resolve(classifies ? "classes-train.csv" : "exams.csv"));
    if (conf.equals("early-stopping")) {
      all.add("data.test=" + DATA.resolve("classes-test.csv"));
    }
    Path initialParameters = DATA.resolve(conf + ".json");
    if (Files.exists(initialParameters)) {
      all.add("train.initial-parameters=" + initialParameters);
    }
    return JobRun.of("train", DATA.resolveSibling(conf + ".conf"), all);
  }

  private Path output(String file) {
    return folder.resolve("out").resolve(file);
  }

  private List<JsonNode> history() throws IOException {
    return Files.readAllLines(output("history.jsonl")).stream().map(LectureTest::json).toList();
  }

  private static Dataset<Row> exams() {
    return LocalSpark.session()
        .read()
        .option("header", true)
        .option("inferSchema", true)
        .csv(DATA.resolve("exams.csv").toString());
  }

  private static void assertClose(Vector vector, JsonNode expected) {
    assertThat(vector.toArray()).hasSize(expected.size());
    for (int i = 0; i < expected.size(); i++) {
      assertThat(vector.apply(i)).isCloseTo(expected.get(i).asDouble(), withinPercentage(PERCENT));
    }
  }

  private static JsonNode tables() {
    try {
      return new ObjectMapper()
          .readTree(LectureTest.class.getResourceAsStream("/golden/seed-tables.json"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
