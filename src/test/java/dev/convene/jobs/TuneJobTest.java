package dev.convene.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convene.config.Keys;
import dev.convene.config.Settings;
import dev.convene.testkit.Checkout;
import dev.convene.testkit.JavaProcess;
import dev.convene.testkit.JavaProcess.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("spark")
@Tag("process")
class TuneJobTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Eight candidates in three rungs: 1, 3 and 9 epochs. */
  private static final String SPACE =
      """
      train.epochs = 9
      tune.space {
        "train.optimizer.learning-rate" = [0.1, 0.01, 0.001, 1e-8]
        model.hidden = [[], [16]]
      }
      """;

  @TempDir Path folder;
  private Path conf;

  @BeforeEach
  void iris() throws IOException {
    conf = iris("data.validation-fraction = 0.2");
  }

  private Path iris(String... settings) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("include \"" + Checkout.root().resolve("conf/iris.conf") + "\"");
    lines.addAll(List.of(settings));
    lines.add("output.dir = \"" + folder.resolve("out") + "\"");
    return Files.write(folder.resolve("my.conf"), lines);
  }

  private JobRun tune(String... settings) {
    return JobRun.of("tune", conf, List.of(settings));
  }

  // ---- the range test

  @Test
  void itSuggestsTheRateOfTheLowestValidationLoss() {
    JobRun run = tune();

    assertThat(run.status()).as(run.stderr()).isZero();
    List<String> table =
        run.lines().stream().dropWhile(line -> !line.startsWith("learning rate")).toList();
    assertThat(table.get(0).split(" {2,}"))
        .containsExactly("learning rate", "training loss", "validation loss", "accuracy");
    String best = null;
    double lowest = Double.POSITIVE_INFINITY;
    for (String line : table.subList(1, table.size() - 1)) {
      List<String> cells = List.of(line.trim().split(" {2,}"));
      assertThat(cells.get(4)).isIn("falls", "does not fall", "diverges");
      if (cells.get(4).equals("diverges")) {
        break;
      }
      if (cells.get(4).equals("falls") && Double.parseDouble(cells.get(2)) < lowest) {
        lowest = Double.parseDouble(cells.get(2));
        best = cells.get(0);
      }
    }
    assertThat(run.lastLine()).isEqualTo("suggested learning rate " + best);
    assertThat(Double.parseDouble(best)).isBetween(0.003, 1.0);
    assertThat(folder.resolve("out")).as("nothing is written").doesNotExist();
  }

  /** From the lecture's 1e-10 it goes up to a rate that works; a whole epoch is one step. */
  /** A warm-up of 100,000 steps would leave every rate near 0. */
  @Test
  void aScheduleDoesNotChangeTheRatesThatAreTried() {
    JobRun scheduled =
        tune(
            "train.learning-rate-schedule.name=step",
            "train.learning-rate-schedule.step-size=1",
            "train.learning-rate-schedule.gamma=0.5",
            "train.learning-rate-schedule.warm-up=100000");

    assertThat(scheduled.status()).as(scheduled.stderr()).isZero();
    assertThat(scheduled.lines()).isEqualTo(tune().lines());
  }

  @Test
  void ofFullBatchesItTrainsSoManyEpochs() {
    JobRun run =
        tune(
            "train.batch-size=full",
            "train.optimizer.name=sgd",
            "train.optimizer.learning-rate=1e-10",
            "tune.steps=15");

    assertThat(run.status()).as(run.stderr()).isZero();
    assertThat(run.stdout())
        .contains("training 15 minibatches at learning rate 1.0E-10")
        .containsPattern("1.0E-10 +\\S+ +\\S+ +\\S+ +does not fall +####");
    assertThat(Double.parseDouble(run.lastLine().replace("suggested learning rate ", "")))
        .isBetween(0.05, 10.0);
  }

  @Test
  void testRowsAreNotEvenRead() {
    JobRun run = tune("data.test-fraction=0", "data.test=/no/such/file.csv", "tune.steps=5");

    assertThat(run.status()).as(run.stderr()).isZero();
    assertThat(run.lastLine()).startsWith("suggested learning rate ");
  }

  /** Of features as large as 1e18 a rate would have to be below 1e-36. */
  @Test
  void whereEveryRateDivergesTheStatusSaysSo() throws IOException {
    List<String> rows = new ArrayList<>(List.of("x,label"));
    IntStream.range(1, 60).forEach(i -> rows.add("%s,%s".formatted(i * 1e17, i)));
    Path table = Files.write(folder.resolve("large.csv"), rows);
    Path regression =
        Files.writeString(
            folder.resolve("large.conf"),
            """
            data { format = csv, options.header = true, train = "%s", validation-fraction = 0.3 }
            model.task = regression
            train { workers = 1, optimizer { name = sgd, learning-rate = 1e10 } }
            tune.steps = 2
            """
                .formatted(table));

    JobRun run = JobRun.of("tune", regression, List.of());

    assertThat(run.status()).isEqualTo(4);
    assertThat(run.stderr())
        .contains("convene: training diverged at every learning rate from ")
        .contains("to 1.0E10: scale the features (preprocess.scaler = standard)");
    assertThat(run.stdout()).contains("diverges").doesNotContain("accuracy");
  }

  // ---- the search

  private List<JsonNode> results(String dir) throws IOException {
    List<JsonNode> results = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve(dir).resolve("tune.jsonl"))) {
      results.add(JSON.readTree(line));
    }
    return results;
  }

  private List<JsonNode> withoutSeconds(String dir) throws IOException {
    List<JsonNode> results = results(dir);
    results.forEach(result -> ((ObjectNode) result).remove("seconds"));
    return results;
  }

  private String best(String dir) throws IOException {
    return Files.readString(folder.resolve(dir).resolve("best.conf"))
        .replace(folder.resolve(dir).toString(), "DIR");
  }

  @Test
  void aGridIsSearchedAndTheBestIsTrainedAsItWasJudged() throws IOException {
    conf = iris("data.validation-fraction = 0.2", SPACE);

    JobRun run = tune();

    assertThat(run.status()).as(run.stderr()).isZero();
    List<JsonNode> results = results("out");
    // 8 candidates, then a third of them rounded up, then two.
    assertThat(results)
        .extracting(result -> result.get("rung").asInt())
        .containsExactly(1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 3);
    assertThat(results)
        .extracting(result -> result.get("epochs").asInt())
        .containsExactly(1, 1, 1, 1, 1, 1, 1, 1, 3, 3, 3, 9, 9);
    JsonNode chosen =
        results.subList(11, 13).stream()
            .min(Comparator.comparing(result -> result.get("validationLoss").asDouble()))
            .orElseThrow();
    assertThat(run.lastLine())
        .startsWith("best is candidate " + chosen.get("candidate") + ": validation loss ")
        .endsWith("settings in " + folder.resolve("out") + "/best.conf");
    List<String> table =
        run.lines().stream().dropWhile(line -> !line.startsWith("candidate ")).toList();
    assertThat(table).hasSize(10);
    assertThat(table.get(0).split(" {2,}"))
        .containsExactly(
            "candidate",
            "model.hidden",
            "train.optimizer.learning-rate",
            "epochs",
            "validation loss",
            "accuracy");
    assertThat(table.get(1)).startsWith(chosen.get("candidate") + " ");

    Path best = folder.resolve("out/best.conf");
    Settings settings = Settings.load(best, List.of());
    assertThat(settings.value(Keys.OPTIMIZER_LEARNING_RATE))
        .isEqualTo(chosen.get("settings").get("train.optimizer.learning-rate").asDouble());
    assertThat(JSON.valueToTree(settings.value(Keys.MODEL_HIDDEN)).toString())
        .isEqualTo(chosen.get("settings").get("model.hidden").toString());
    assertThat(settings.value(Keys.TUNE_SPACE).isEmpty()).isTrue();

    JobRun train = JobRun.of("train", best, List.of());

    assertThat(train.status()).as(train.stderr()).isZero();
    List<String> history = Files.readAllLines(folder.resolve("out/best/history.jsonl"));
    assertThat(history).hasSize(9);
    assertThat(JSON.readTree(history.get(8)).get("validationLoss"))
        .isEqualTo(chosen.get("validationLoss"));

    assertThat(tune().status()).as("a finished search is not continued").isEqualTo(3);
    assertThat(tune().stderr()).contains("exists already");
  }

  /** The rows are prepared twice, the weights differ, and a rate that explodes is out. */
  @Test
  void candidatesMayDifferInPreprocessingAndDiverge() throws IOException {
    conf =
        iris(
            "data.validation-fraction = 0.2",
            "train.epochs = 2",
            "train.optimizer.name = sgd",
            "tune.first-epochs = 2",
            "tune.space { preprocess.scaler = [standard, none] }",
            "tune.space { train.optimizer.learning-rate = [0.1, 1e38] }");

    JobRun run = tune();

    assertThat(run.status()).as(run.stderr()).isZero();
    List<JsonNode> results = results("out");
    assertThat(results).hasSize(4);
    assertThat(results.get(0).get("settings").toString())
        .isEqualTo("{\"preprocess.scaler\":\"standard\",\"train.optimizer.learning-rate\":0.1}");
    assertThat(results.get(1).get("validationLoss").isNull()).isTrue();
    assertThat(results.get(3).get("validationLoss").isNull()).isTrue();
    assertThat(run.stdout()).contains("diverged");
    assertThat(results.get(0).get("validationLoss"))
        .isNotEqualTo(results.get(2).get("validationLoss"));
  }

  @Test
  void aKilledSearchGoesOnAndTheNumberOfCoresChangesNothing() throws Exception {
    conf = iris("data.validation-fraction = 0.2", SPACE);
    JobRun whole = tune();
    assertThat(whole.status()).as(whole.stderr()).isZero();
    List<JsonNode> before;
    try (Running four = start("local[4]", "killed");
        Running one = start("local[1]", "one")) {
      before = resultsWhenThereAre(2, four, "killed");
      four.process().destroyForcibly();
      assertThat(four.process().waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThat(one.lines()).contains("status 0");
    }
    assertThat(folder.resolve("killed/best.conf")).doesNotExist();
    JobRun other = tune("output.dir=" + folder.resolve("killed"), "tune.eta=4");

    JobRun resumed = tune("output.dir=" + folder.resolve("killed"));

    assertThat(other.status()).isEqualTo(2);
    assertThat(other.stderr())
        .contains(
            "holds an unfinished search of other settings: tune.eta was 3 and is 4; choose another,"
                + " or set output.overwrite = true to begin anew");
    assertThat(resumed.status()).as(resumed.stderr()).isZero();
    assertThat(results("killed")).as("what was known is kept").containsAll(before);
    assertThat(resumed.lines().stream().filter(line -> line.startsWith("rung ")))
        .hasSizeLessThanOrEqualTo(13 - before.size());
    for (String dir : List.of("killed", "one")) {
      assertThat(withoutSeconds(dir)).isEqualTo(withoutSeconds("out"));
      assertThat(best(dir)).isEqualTo(best("out"));
    }
  }

  private Running start(String master, String dir) throws IOException {
    return JavaProcess.of(
            TuneProcess.class,
            master,
            "tune",
            conf.toString(),
            "--set",
            "output.dir=" + folder.resolve(dir))
        .start();
  }

  private List<JsonNode> resultsWhenThereAre(int count, Running running, String dir)
      throws Exception {
    while (running.process().isAlive()) {
      if (Files.exists(folder.resolve(dir).resolve("tune.jsonl"))) {
        List<JsonNode> results = results(dir);
        if (results.size() >= count) {
          return results;
        }
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
    throw new AssertionError("it ended before there were " + count + " results");
  }

  @Test
  void anUnfinishedSearchOfOtherSettingsMayBeOverwritten() throws IOException {
    conf =
        iris(
            "data.validation-fraction = 0.2",
            "train.epochs = 1",
            "tune.space { model.hidden = [[], [4]] }");
    Path out = Files.createDirectory(folder.resolve("out"));
    Files.writeString(out.resolve("settings.conf"), "train.epochs = 7");
    Files.writeString(out.resolve("tune.jsonl"), "{}\n");

    assertThat(tune().status()).isEqualTo(2);
    assertThat(tune("output.overwrite=true").status()).isZero();
    assertThat(results("out")).hasSize(2);
  }

  @Test
  void aSearchThatAnotherRunMakesIsRefused() throws IOException {
    String out = folder.resolve("out").toString();
    try (OutputLock other =
        OutputLock.acquire(StoragePath.of("test", out, new Configuration()), out, false)) {
      JobRun run = tune("tune.space={train.optimizer.learning-rate:[0.1,0.2]}");

      assertThat(run.stderr()).contains("output.dir " + out + ": another run writes it, process ");
      assertThat(run.status()).isEqualTo(3);
      assertThat(other).isNotNull();
    }
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void aDamagedLineIsNamed() throws IOException {
    conf =
        iris(
            "data.validation-fraction = 0.2",
            "train.epochs = 1",
            "tune.space { model.hidden = [[], [4]] }");
    assertThat(tune().status()).isZero();
    Files.delete(folder.resolve("out/_SUCCESS"));
    Path file = folder.resolve("out/tune.jsonl");
    Files.writeString(file, Files.readAllLines(file).get(0) + "\n{\"rung\":1,\"cand");
    Files.delete(folder.resolve("out/.tune.jsonl.crc"));

    JobRun run = tune();

    assertThat(run.status()).isEqualTo(3);
    assertThat(run.stderr()).contains("out/tune.jsonl, line 2, is none of a search: remove it");
  }

  /** Had a job run before, there would be no such file as data.train: status 3. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "data.validation-fraction=0 | tune chooses by validation rows, and there are none: set data.validation-fraction, for example to 0.1, or data.validation",
        "output.dir=null tune.space.model.hidden=[[1]] | output.dir is not set: a search keeps its results there",
        "tune.space.model.hiden=[[1]] | unknown setting model.hiden (--set); the nearest known one is model.hidden",
        "tune.space.train.epochs=[0] | tune.space has 0 for train.epochs (--set), which must be a whole number of at least 1",
        "tune.space.train.optimizer.rho=[0.9] | candidate train.optimizer.rho = 0.9: train.optimizer.rho is set (--set), but optimizer adam has no rho",
        "tune.steps=0 | tune.steps is 0 (--set), but must be a whole number of at least 1",
      })
  void whatIsWrongIsRefusedBeforeAnythingIsRead(String settings, String message) {
    List<String> all = new ArrayList<>(List.of("data.train=/no/such/file"));
    all.addAll(List.of(settings.split(" ")));

    JobRun run = JobRun.of("tune", conf, all);

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.stderr()).startsWith("convene: " + message);
  }
}
