package dev.convene.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.convene.data.IdxFiles;
import dev.convene.testkit.JavaProcess;
import dev.convene.testkit.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("spark")
@Tag("process")
class TrainJobTest {
  /** Nothing is learned: the outputs stay 0, and every loss can be told by hand. */
  private static final List<String> NOTHING_LEARNED =
      List.of("model.initializer=zeros", "train.optimizer.learning-rate=1e-300");

  private static final List<String> REGRESSION =
      List.of("model.task=regression", "data.format=csv", "data.options.header=true");

  private static final List<String> CLASSES =
      List.of("data.format=csv", "data.options.header=true", "train.batch-size=10");

  @TempDir Path folder;

  @Test
  void classificationOfImages() throws IOException {
    JobRun run = train("out", NOTHING_LEARNED, images(), List.of("train.epochs=2"));

    // Every class is as likely, and the first is taken: ln 3, and the 4 rows of class 0 are right.
    assertThat(run.lastLine()).isEqualTo("accuracy 0.4000 on 10 test rows, loss 1.0986");
    assertThat(run.stdout())
        .startsWith(
            """
            layer    shape          activation         parameters
            dense 1  4 -> 3         softmax                    15
            all                                                15
            epoch 1/2  loss 1.098612  accuracy 0.3333  \
            """);
    assertThat(visible("out"))
        .containsExactly(
            "_SUCCESS", "history.jsonl", "metrics.json", "model", "report.html", "settings.conf");
    List<JsonNode> history = history("out");
    assertThat(history).hasSize(2);
    assertThat(keys(history.get(0)))
        .containsExactly(
            "epoch",
            "rounds",
            "examples",
            "trainLoss",
            "trainAccuracy",
            "validationLoss",
            "validationAccuracy",
            "learningRate",
            "seconds",
            "schemaVersion");
    JsonNode second = history.get(1);
    assertThat(second.get("epoch").asInt()).isEqualTo(2);
    assertThat(second.get("rounds").asInt()).isEqualTo(1);
    assertThat(second.get("examples").asInt()).isEqualTo(30);
    assertThat(second.get("trainLoss").asDouble()).isCloseTo(Math.log(3), within(1e-9));
    assertThat(second.get("trainAccuracy").asDouble()).isCloseTo(1 / 3.0, within(1e-12));
    assertThat(second.get("validationLoss").isNull()).isTrue();
    assertThat(second.get("validationAccuracy").isNull()).isTrue();
    assertThat(second.get("learningRate").asDouble()).isEqualTo(1e-300);
    assertThat(second.get("seconds").asDouble()).isPositive();
    JsonNode metrics = metrics("out");
    assertThat(keys(metrics))
        .containsExactlyInAnyOrder(
            "accuracy",
            "loss",
            "rows",
            "confusionMatrix",
            "precision",
            "recall",
            "f1",
            "macroPrecision",
            "macroRecall",
            "macroF1",
            "expectedCalibrationError",
            "calibration",
            "workers",
            "epoch",
            "ended",
            "blas",
            "parametersSha256",
            "schemaVersion");
    assertThat(metrics.get("epoch").asInt()).isEqualTo(2);
    assertThat(metrics.get("ended").asText()).isEqualTo("last-epoch");
    assertThat(metrics.get("accuracy").asDouble()).isEqualTo(0.4);
    assertThat(metrics.get("confusionMatrix")).hasToString("[[4,0,0],[3,0,0],[3,0,0]]");
    assertThat(keys(metrics.get("blas"))).containsExactly("library", "coreType");
    assertThat(metrics.get("parametersSha256").asText()).matches("[0-9a-f]{64}");
  }

  @Test
  void regression() throws IOException {
    Path train = csv("train.csv", List.of("x,label", "1,2", "2,2"));
    Path test = csv("test.csv", List.of("x,label", "1,3", "2,4"));
    JobRun run =
        train(
            "out",
            NOTHING_LEARNED,
            REGRESSION,
            List.of("data.train=" + train, "data.test=" + test, "train.epochs=1"));

    // The mean of 9 and 16 is 12.5; r2 is 1 - 25 / (0.25 + 0.25).
    assertThat(run.lastLine()).isEqualTo("rmse 3.54 on 2 test rows, r2 -49.000");
    assertThat(history("out").get(0).get("trainLoss").asDouble()).isCloseTo(4, within(1e-9));
    assertThat(history("out").get(0).get("trainAccuracy").isNull()).isTrue();
    assertThat(keys(metrics("out")))
        .containsExactlyInAnyOrder(
            "rows",
            "loss",
            "rmse",
            "mae",
            "r2",
            "byOutput",
            "workers",
            "epoch",
            "ended",
            "blas",
            "parametersSha256",
            "schemaVersion");
  }

  @Test
  void withoutTestData() throws IOException {
    JobRun run = train("out", CLASSES, List.of("data.train=" + table(), "train.epochs=1"));

    assertThat(run.lastLine()).isEqualTo("trained, no test data");
    assertThat(keys(metrics("out")))
        .containsExactlyInAnyOrder(
            "schemaVersion", "workers", "epoch", "ended", "blas", "parametersSha256");
  }

  @Test
  void settingsRunAgainToTheSameBits() throws IOException {
    JobRun first =
        train(
            "first",
            CLASSES,
            List.of(
                "data.train=" + table(),
                "data.test=" + table(),
                "model.hidden=[5]",
                "model.dropout=0.2",
                "preprocess.scaler=standard",
                "train.workers=auto",
                "train.averaging.period=2",
                "train.epochs=3"));
    Path settings = folder.resolve("first/settings.conf");

    // Of local[2].
    assertThat(metrics("first").get("workers").asInt()).isEqualTo(2);
    assertThat(Files.readString(settings)).containsPattern("workers ?= ?2\\b");
    JobRun again = JobRun.of("train", settings, List.of("output.dir=" + folder.resolve("again")));
    assertThat(again.status()).isZero();
    assertThat(again.lastLine()).isEqualTo(first.lastLine());
    assertThat(sha256("again")).isEqualTo(sha256("first"));

    JobRun evaluated = JobRun.of("evaluate", settings, List.of());
    assertThat(evaluated.lastLine()).isEqualTo(first.lastLine());
    assertThat(evaluated.stderr()).isEmpty();
  }

  @Test
  void imagesAreEvaluatedAsAfterTraining() {
    JobRun run = train("out", images(), List.of("preprocess.divide-by=255", "train.epochs=5"));
    JobRun evaluated =
        JobRun.of(args("evaluate", images(), List.of("output.dir=" + folder.resolve("out"))));
    assertThat(evaluated.lastLine()).isEqualTo(run.lastLine());
  }

  @Test
  void evaluationReadsWhatTheModelReads() throws IOException {
    Path test = csv("test.csv", List.of("a,b,c,label", "1,2,3,0", "0,2,1,1"));
    JobRun run = train("out", CLASSES, List.of("data.train=" + table(), "data.test=" + test));

    Path other = csv("other.csv", List.of("name,class,c,b,a", "x,0,3,2,1", "y,1,1,2,0"));
    List<String> settings = List.of("output.dir=" + folder.resolve("out"), "data.label=class");
    JobRun evaluated =
        JobRun.of(args("evaluate", CLASSES, settings, List.of("data.test=" + other)));
    assertThat(evaluated.stderr()).isEmpty();
    assertThat(evaluated.lastLine()).isEqualTo(run.lastLine());

    Path narrow = csv("narrow.csv", List.of("class,b,a", "0,2,1"));
    JobRun refused = JobRun.of(args("evaluate", CLASSES, settings, List.of("data.test=" + narrow)));
    assertThat(refused.stderr())
        .isEqualTo("convene: %s has no column c; it has class, b, a%n".formatted(narrow));
    assertThat(refused.status()).isEqualTo(3);
  }

  @Test
  void validationRowsOfTheirOwn() throws IOException {
    Path train = csv("train.csv", List.of("x,label", "1,2", "2,2"));
    Path validation = csv("validation.csv", List.of("x,label", "1,3", "2,3", "3,3"));
    train(
        "out",
        NOTHING_LEARNED,
        REGRESSION,
        List.of("data.train=" + train, "data.validation=" + validation, "train.epochs=1"));

    JsonNode epoch = history("out").get(0);
    assertThat(epoch.get("examples").asInt()).isEqualTo(2);
    assertThat(epoch.get("trainLoss").asDouble()).isCloseTo(4, within(1e-9));
    assertThat(epoch.get("validationLoss").asDouble()).isCloseTo(9, within(1e-9));
  }

  @Test
  void aShareOfTheRowsIsSetAside() throws IOException {
    List<String> lines =
        Stream.concat(Stream.of("x,label"), IntStream.range(0, 200).mapToObj(i -> i % 7 + "," + i))
            .toList();
    train(
        "out",
        NOTHING_LEARNED,
        REGRESSION,
        List.of(
            "data.train=" + csv("rows.csv", lines),
            "data.validation-fraction=0.25",
            "train.epochs=1"));

    JsonNode epoch = history("out").get(0);
    int examples = epoch.get("examples").asInt();
    assertThat(examples).isBetween(125, 175);
    // Every row is on one side: the losses, squares of the labels, add up to all of them.
    double all =
        examples * epoch.get("trainLoss").asDouble()
            + (200 - examples) * epoch.get("validationLoss").asDouble();
    assertThat(all).isCloseTo(199 * 200 * 399 / 6.0, within(1e-3));
  }

  @Test
  void earlyStoppingKeepsTheBestEpoch() throws IOException {
    Path train = csv("train.csv", List.of("x,label", "1,1", "2,2"));
    // The better the training rows are met, the worse these.
    Path validation = csv("validation.csv", List.of("x,label", "1,-1", "2,-2"));
    List<String> data = List.of("data.train=" + train, "data.validation=" + validation);
    List<String> learning =
        List.of(
            "train.workers=1",
            "train.optimizer.name=sgd",
            "train.optimizer.learning-rate=0.01",
            "model.initializer=zeros");
    train(
        "stopped",
        REGRESSION,
        data,
        learning,
        List.of("train.epochs=9", "train.early-stopping.patience=2"));
    train("best", REGRESSION, data, learning, List.of("train.epochs=1"));

    assertThat(history("stopped")).hasSize(3);
    assertThat(sha256("stopped")).isEqualTo(sha256("best"));
  }

  @Test
  void theCommandLineBeatsTheConf() throws IOException {
    Path conf =
        Files.writeString(
            folder.resolve("my.conf"),
            """
            data { format = csv, options.header = true, train = "%s" }
            train { epochs = 1, workers = 1, batch-size = 10, averaging.period = 1 }
            output.dir = "%s"
            """
                .formatted(table(), folder.resolve("out")));
    JobRun run = JobRun.of("train", conf, List.of("train.workers=3"));

    assertThat(run.status()).isZero();
    assertThat(metrics("out").get("workers").asInt()).isEqualTo(3);
    // 60 rows: 3 workers with 2 minibatches each.
    assertThat(history("out").get(0).get("rounds").asInt()).isEqualTo(2);
    assertThat(history("out").get(0).get("examples").asInt()).isEqualTo(60);
  }

  @Test
  void anOldOutputIsReplacedOnRequest() throws IOException {
    List<String> data = List.of("data.train=" + table(), "train.epochs=1");
    train("out", CLASSES, data);
    String old = sha256("out");
    train("out", CLASSES, data, List.of("output.overwrite=true", "train.seed=2"));
    assertThat(sha256("out")).isNotEqualTo(old);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("out", "table.csv");
    }
  }

  @Test
  void theResultDoesNotDependOnTheFilesThatHoldTheRows() throws IOException {
    List<String> learning =
        List.of(
            "train.workers=2", "train.epochs=2", "preprocess.scaler=robust", "model.hidden=[4]");
    train("one", CLASSES, learning, List.of("data.train=" + table()));
    List<String> lines = Files.readAllLines(table());
    for (int files : new int[] {3, 7}) {
      Path parts = Files.createDirectories(folder.resolve("parts" + files));
      for (int file = 0; file < files; file++) {
        List<String> part = new ArrayList<>(List.of(lines.get(0)));
        for (int i = file + 1; i < lines.size(); i += files) {
          part.add(lines.get(i));
        }
        Files.write(parts.resolve(file + ".csv"), part);
      }
      train("of" + files, CLASSES, learning, List.of("data.train=" + parts));
      assertThat(sha256("of" + files)).isEqualTo(sha256("one"));
    }
  }

  @Test
  void parquetTrainsAsCsvDoes() throws IOException {
    LocalSpark.session()
        .read()
        .option("header", true)
        .option("inferSchema", true)
        .csv(table().toString())
        .write()
        .parquet(folder.resolve("parquet").toString());
    List<String> learning = List.of("train.workers=2", "train.epochs=2", "train.batch-size=10");
    train("csv", CLASSES, learning, List.of("data.train=" + table()));
    train(
        "out", learning, List.of("data.format=parquet", "data.train=" + folder.resolve("parquet")));
    assertThat(sha256("out")).isEqualTo(sha256("csv"));
  }

  @Test
  void theResultDoesNotDependOnTheCores() throws Exception {
    List<String> learning = List.of("train.workers=2", "train.epochs=2", "model.hidden=[4]");
    List<String> data = List.of("data.train=" + table(), "preprocess.scaler=standard");
    train("two", CLASSES, learning, data);

    List<String> out = List.of("output.dir=" + folder.resolve("one"));
    JavaProcess.of(Main.class, args("train", CLASSES, learning, data, out))
        .withJvmOptions(
            List.of(
                "-Dspark.master=local[1]",
                "-Dspark.ui.enabled=false",
                "-Dspark.driver.bindAddress=127.0.0.1",
                "-Dspark.driver.host=127.0.0.1"))
        .lines();
    assertThat(sha256("one")).isEqualTo(sha256("two"));
  }

  @Test
  void registeredDataIsTakenFromTheCache() throws IOException {
    Path cache = folder.resolve("cache");
    for (String[] split : new String[][] {{"train", "train"}, {"test", "t10k"}}) {
      IdxFiles.writePair(
          cache.resolve("mnist").resolve(split[0]),
          split[1],
          false,
          20,
          2,
          2,
          (image, place) -> 10 * image + place,
          image -> image % 2);
    }
    JobRun fetched = JobRun.of("fetch-data", "mnist", "--set", "data.cache=" + cache);
    assertThat(fetched.stdout())
        .isEqualTo("file:%1$s/mnist/train%nfile:%1$s/mnist/test%n".formatted(cache));
    assertThat(fetched.status()).isZero();
    JobRun trained =
        train(
            "out",
            List.of(
                "data.cache=" + cache,
                "data.train=mnist:train",
                "data.test=mnist:test",
                "train.epochs=1"));
    assertThat(trained.lastLine()).matches("accuracy \\d\\.\\d{4} on 20 test rows, loss .*");
  }

  @Test
  void fetchDataNeedsAName() {
    JobRun run = JobRun.of("fetch-data");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.stderr())
        .isEqualTo(
            "convene: name the data sets to fetch: adult, cifar10, emnist, emnist-byclass,"
                + " emnist-bymerge, emnist-digits, emnist-letters, emnist-mnist, fashion-mnist, iris, mnist\n");
  }

  /** Training and test images of 2 x 2: 30 and 10 of the classes 0, 1, 2 in turn. */
  private List<String> images() {
    IdxFiles.Pixels pixels = (image, place) -> place == image % 3 ? 200 + image : image;
    IdxFiles.writePair(folder.resolve("train"), "train", true, 30, 2, 2, pixels, i -> i % 3);
    IdxFiles.writePair(folder.resolve("test"), "t10k", false, 10, 2, 2, pixels, i -> i % 3);
    return List.of(
        "data.format=idx",
        "data.train=" + folder.resolve("train"),
        "data.test=" + folder.resolve("test"));
  }

  /** 60 rows of 3 features in 3 classes. */
  private Path table() throws IOException {
    Random random = new Random(7);
    List<String> lines = new ArrayList<>(List.of("a,b,c,label"));
    for (int i = 0; i < 60; i++) {
      lines.add(
          "%s,%s,%s,%d".formatted(random.nextGaussian() + i % 3, random.nextFloat(), i / 7, i % 3));
    }
    return csv("table.csv", lines);
  }

  private Path csv(String name, List<String> lines) throws IOException {
    return Files.write(folder.resolve(name), lines);
  }

  /** Trains into a folder of this name. */
  @SafeVarargs
  private JobRun train(String name, List<String>... settings) {
    List<String> all = new ArrayList<>(List.of("output.dir=" + folder.resolve(name)));
    for (List<String> some : settings) {
      all.addAll(some);
    }
    JobRun run = JobRun.of(args("train", all));
    assertThat(run.stderr()).isEmpty();
    assertThat(run.status()).isZero();
    return run;
  }

  @SafeVarargs
  private static String[] args(String job, List<String>... settings) {
    List<String> args = new ArrayList<>(List.of(job));
    for (List<String> some : settings) {
      some.forEach(setting -> args.addAll(List.of("--set", setting)));
    }
    return args.toArray(String[]::new);
  }

  private List<JsonNode> history(String name) throws IOException {
    List<JsonNode> epochs = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve(name).resolve("history.jsonl"))) {
      epochs.add(new ObjectMapper().readTree(line));
    }
    return epochs;
  }

  private JsonNode metrics(String name) throws IOException {
    return new ObjectMapper().readTree(folder.resolve(name).resolve("metrics.json").toFile());
  }

  private String sha256(String name) throws IOException {
    return metrics(name).get("parametersSha256").asText();
  }

  private List<String> visible(String name) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(name))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> !file.endsWith(".crc"))
          .sorted()
          .toList();
    }
  }

  private static List<String> keys(JsonNode object) {
    List<String> keys = new ArrayList<>();
    object.fieldNames().forEachRemaining(keys::add);
    return keys;
  }
}
