package dev.convene.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.convene.ConveneException;
import dev.convene.config.Settings;
import dev.convene.testkit.LocalSpark;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkException;
import org.apache.spark.SparkUserAppException;
import org.apache.spark.sql.SparkSession;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("spark")
class MainTest {
  @TempDir Path folder;

  private final PrintStream standardOut = System.out;
  private final PrintStream standardErr = System.err;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void capture() {
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void release() {
    System.setOut(standardOut);
    System.setErr(standardErr);
    System.clearProperty("spark.submit.deployMode");
  }

  @Test
  void settingsPrintsWhatIsInForce() throws IOException {
    Path conf = Files.writeString(folder.resolve("my.conf"), "\ntrain.epochs = 3\n");
    assertThat(Main.run("settings", conf.toString(), "--set", "train.seed=7")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .contains(
            "train.epochs = 3                           # " + conf + ": 2",
            "train.seed = 7                             # --set");
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "                           | name a job: compare, evaluate, export, fetch-data, predict, settings, show, train, tune",
        "trian                      | there is no job trian; the jobs are compare, evaluate, export, fetch-data, predict, settings, show, train, tune",
        "--stacktrac settings       | there is no option --stacktrac; --help shows all",
        "settings --sett a=b        | there is no option --sett; --help shows all",
        "settings --set             | Missing required parameter for option '--set' (KEY=VALUE); --help shows all",
        "settings mnist             | settings takes no argument mnist; a conf is a file that ends in .conf or .json",
        "settings no.conf           | there is no conf file no.conf",
        "settings --set train.epochs=0 | train.epochs is 0 (--set), but must be a whole number of at least 1",
      })
  void aWrongCommandLineEndsInOneSentence(String line, String message) {
    String[] args = line == null ? new String[0] : line.split(" +");
    assertThat(Main.run(args)).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo("convene: " + message + System.lineSeparator());
  }

  @Test
  void theStackTraceIsShownOnRequest() {
    assertThat(Main.run("settings", "no.conf", "--stacktrace")).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .startsWith("convene: there is no conf file no.conf")
        .contains("at dev.convene.config.");
  }

  @Test
  void sparkSubmitLearnsTheStatus() {
    assertThatThrownBy(() -> Main.main(new String[] {"nothing"}))
        .isInstanceOfSatisfying(
            SparkUserAppException.class, e -> assertThat(e.exitCode()).isEqualTo(2));
  }

  @Test
  void helpIsNoFailure() {
    assertThat(Main.run("--help")).isZero();
    assertThat(Main.run("settings", "--help")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("Print the settings in force", "--set=KEY=VALUE");
  }

  @Test
  void clusterModeLeavesTheStatusBesideTheOutput() {
    System.setProperty("spark.submit.deployMode", "cluster");
    String dir = folder.resolve("out").toString();
    assertThat(Main.run("settings", "--set", "output.dir=" + dir)).isZero();
    assertThat(folder.resolve("out.status.json")).hasContent("{\"status\":0,\"message\":\"done\"}");
  }

  @Test
  void aUsersMistakeInsideATaskIsFound() {
    assertOutcome(failureInTask(() -> ConveneException.data("row 7 holds text")), 3)
        .isEqualTo("row 7 holds text");
  }

  @Test
  void otherFailuresInATaskAreSparksUnlessOurCodeMadeThem() {
    assertOutcome(failureInTask(() -> new UncheckedIOException(new IOException("gone"))), 5)
        .isEqualTo("Spark, storage or the network failed: IOException: gone; a retry may help");
    assertOutcome(failureInTask(() -> new IllegalStateException("index 3 of 2")), 1)
        .isEqualTo(
            "this is a bug of Convene, please report it: IllegalStateException: index 3 of 2");
  }

  @Test
  void aStoppedSparkIsAnOutageAndAnUnregisteredClassAMistake() {
    for (String message :
        List.of(
            "LiveListenerBus is stopped.",
            "Cannot call methods on a stopped SparkContext.",
            "SparkContext has been shutdown: RpcEnv already stopped.")) {
      assertOutcome(new IllegalStateException(message), 5)
          .startsWith("Spark has stopped under the job, ");
    }
    assertOutcome(new IllegalStateException("the index is stopped"), 1).contains("bug of Convene");
    assertOutcome(
            new SparkException(
                "Job aborted",
                new IllegalArgumentException("Class is not registered: a.b.C[]\nNote")),
            2)
        .isEqualTo(
            "spark.kryo.registrationRequired = true, but a.b.C[] is not registered: leave it false,"
                + " or add the class to spark.kryo.classesToRegister");
  }

  @Test
  void aFullDiskIsNamed() {
    assertOutcome(
            new SparkException(
                "Lost task 0.3 in stage 1.0 (TID 3) (node7 executor 1): reason",
                new IOException("No space left on device")),
            5)
        .startsWith("no space is left on Spark's scratch disk (spark.local.dir, SPARK_LOCAL_DIRS; ")
        .contains(" of node7: free some");
    assertOutcome(new FileSystemException("/data/x", null, "No space left on device"), 5)
        .startsWith("no space is left on the disk of /data/x: ");
    IOException inHadoop = new IOException("Disk quota exceeded");
    inHadoop.setStackTrace(
        new StackTraceElement[] {
          new StackTraceElement(
              RawLocalFileSystem.class.getName() + "$LocalFSFileOutputStream", "write", "x", 1)
        });
    assertOutcome(inHadoop, 5)
        .startsWith("no space is left on the disk of the output (output.dir or predict.output): ");
  }

  @Test
  void failuresOutsideTasks() {
    assertOutcome(new IOException("connection refused\nat host"), 5)
        .isEqualTo(
            "Spark, storage or the network failed: IOException: connection refused; a retry may"
                + " help");
    assertOutcome(new OutOfMemoryError("Java heap space"), 5)
        .startsWith("Spark, storage or the network failed: OutOfMemoryError: Java heap space");
    assertOutcome(new NullPointerException(), 1)
        .isEqualTo("this is a bug of Convene, please report it: NullPointerException");
    SparkSession spark = LocalSpark.session();
    Throwable missing =
        catchThrowable(() -> spark.read().parquet(folder.resolve("none").toString()));
    assertOutcome(missing, 3).startsWith("Spark refuses the data: AnalysisException: ");
  }

  @Test
  void aBugShowsItsStackTraceUnasked() {
    Outcome.of(new NullPointerException()).report(System.err, false);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("at dev.convene.jobs.MainTest");
  }

  private interface Failure extends Serializable {
    RuntimeException make();
  }

  private static Throwable failureInTask(Failure failure) {
    SparkSession spark = LocalSpark.session();
    return catchThrowable(
        () ->
            spark
                .range(2)
                .toJavaRDD()
                .foreach(
                    row -> {
                      throw failure.make();
                    }));
  }

  private static AbstractStringAssert<?> assertOutcome(Throwable failure, int status) {
    Outcome outcome = Outcome.of(failure);
    assertThat(outcome.status().code()).isEqualTo(status);
    return assertThat(outcome.message());
  }

  @Test
  void aSessionThatWasThereOutlivesTheJob() {
    SparkSession spark = LocalSpark.session();
    try (Session session = Session.open("convene test", Settings.load(null, List.of()))) {
      assertThat(session.spark().sparkContext()).isSameAs(spark.sparkContext());
    }
    assertThat(spark.sparkContext().isStopped()).isFalse();
    assertThat(spark.range(3).count()).isEqualTo(3);
  }

  @Test
  void sparksConfigurationIsTheUsers() {
    SparkConf conf =
        new SparkConf(false)
            .set("spark.app.name", "mine")
            .set("spark.scheduler.minRegisteredResourcesRatio", "0.5");
    Session.withDefaults(conf, "convene train");
    assertThat(conf.get("spark.app.name")).isEqualTo("mine");
    assertThat(conf.get("spark.scheduler.minRegisteredResourcesRatio")).isEqualTo("0.5");
    assertThat(conf.contains("spark.master")).isFalse();
    assertThat(conf.contains("spark.executor.killOnFatalError.depth")).isFalse();

    SparkConf local = new SparkConf(false).set("spark.master", "local[2]");
    Session.withDefaults(local, "convene train");
    assertThat(local.get("spark.executor.killOnFatalError.depth")).isEqualTo("0");

    SparkConf open = new SparkConf(false).set("spark.app.name", "dev.convene.jobs.Main");
    Session.withDefaults(open, "convene train");
    assertThat(open.get("spark.app.name")).isEqualTo("convene train");
    assertThat(open.get("spark.scheduler.minRegisteredResourcesRatio")).isEqualTo("1.0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "3.4.1 | 2.12.17 | 17 | this is Spark 3.4.1, but Convene needs Spark 3.5: point SPARK_HOME to one",
        "3.5.9 | 2.13.8 | 17 | this Spark is built with Scala 2.13.8, but Convene needs Scala 2.12: point SPARK_HOME to such a Spark",
        "3.5.9 | 2.12.18 | 11 | this is Java 11, but Convene on Spark 3.5 needs Java 17 to 22: point JAVA_HOME to one",
        "3.5.9 | 2.12.18 | 25 | this is Java 25, but Convene on Spark 3.5 needs Java 17 to 22: point JAVA_HOME to one",
      })
  void refusesAnotherPlatform(String spark, String scala, int java, String message) {
    assertThatThrownBy(() -> SupportedPlatform.require(spark, scala, java))
        .isInstanceOf(ConveneException.class)
        .hasMessage(message);
  }

  @Test
  void jsonHasNullForWhatIsNoNumber() {
    record Epoch(int epoch, double loss, Double validation) {}
    assertThat(Json.write(new Epoch(1, 0.1, null)))
        .isEqualTo("{\"epoch\":1,\"loss\":0.1,\"validation\":null}");
    assertThat(Json.write(Map.of("loss", Double.NaN))).isEqualTo("{\"loss\":null}");
    assertThat(Json.write(new Epoch(2, Double.POSITIVE_INFINITY, 1e-9)))
        .isEqualTo("{\"epoch\":2,\"loss\":null,\"validation\":1.0E-9}");
  }
}
