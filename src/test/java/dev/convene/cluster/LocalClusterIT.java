package dev.convene.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.convene.data.IdxFiles;
import dev.convene.jobs.Main;
import dev.convene.testkit.Checkout;
import dev.convene.testkit.JavaProcess;
import dev.convene.testkit.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.spark.serializer.KryoSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * {@code submit/convene train} with executors that are processes of their own: the parameters are
 * those of one process, bit for bit.
 */
@Tag("spark")
@Tag("process")
@Tag("cluster")
class LocalClusterIT {
  private static final Path REPOSITORY = Checkout.root();
  private static final Duration PATIENCE = Duration.ofMinutes(15);
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String CONF = "train.conf";
  private static final String WIDE_CONF = "wide.conf";

  private static final int IMAGES = 600;
  private static final int SIDE = 6;
  private static final int CLASSES = 4;

  private static final String QUICK_START = String.join(" ", JavaProcess.QUICK_START);
  private static final String LOCAL_CLUSTER = "local-cluster[2,1,1024]";

  @TempDir static Path folder;

  private static String sha256InOneProcess;

  private final List<Training> started = new ArrayList<>();

  @BeforeAll
  static void trainInOneProcess() throws Exception {
    byte[] pixels = new byte[IMAGES * SIDE * SIDE];
    Random random = new Random(5);
    for (int i = 0; i < pixels.length; i++) {
      int image = i / (SIDE * SIDE);
      int brightness = i % (SIDE * SIDE) / (SIDE * SIDE / CLASSES) == image % CLASSES ? 90 : 0;
      pixels[i] = (byte) (brightness + random.nextInt(160));
    }
    IdxFiles.writePair(
        folder.resolve("idx"),
        "train",
        false,
        IMAGES,
        SIDE,
        SIDE,
        (image, place) -> pixels[image * SIDE * SIDE + place] & 0xFF,
        image -> image % CLASSES);
    Files.write(
        folder.resolve("train.csv"),
        IntStream.range(0, IMAGES).mapToObj(image -> csv(pixels, image)).toList());
    Files.writeString(
        folder.resolve("train.conf"),
        """
        preprocess { divide-by = 255, scaler = standard }
        model { hidden = [16], dropout = 0.2 }
        train {
          epochs = 12
          batch-size = 20
          workers = 2
          averaging.period = 3
          optimizer { name = adam, learning-rate = 0.01 }
        }
        storage.shared-local = true
        """);
    Files.writeString(
        folder.resolve("wide.conf"),
        """
        include "train.conf"
        model.hidden = [4096]
        """);
    sha256InOneProcess = trainInOneProcess("one-process", CONF);
  }

  private static String trainInOneProcess(String name, String conf) throws Exception {
    LocalSpark.session();
    Main.main(train(name, "idx", conf).toArray(String[]::new));
    return sha256(name);
  }

  @AfterEach
  void endProcesses() throws Exception {
    for (Training training : started) {
      training.end();
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void twoExecutorsGiveTheParametersOfOneProcess() throws Exception {
    Training training =
        start(
            "two-executors",
            "idx",
            LOCAL_CLUSTER,
            "--conf",
            "spark.serializer=" + KryoSerializer.class.getName());

    assertThat(training.sha256()).isEqualTo(sha256InOneProcess);
    assertThat(training.executorsOf("Convene: epoch 1, round 1")).containsExactly("0", "1");
    assertThat(training.executorsOf("Convene: epoch 12, round 5")).containsExactly("0", "1");
    for (String executor : List.of("0", "1")) {
      assertThat(training.executorLog(executor))
          .contains("NativeBlas: BLAS on executor " + executor + ": ");
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void oneCoreAndManyInputPartitionsGiveTheSameParameters() throws Exception {
    Training training =
        start(
            "one-core",
            "csv",
            "local[1]",
            "--conf",
            "spark.sql.files.maxPartitionBytes=" + Files.size(folder.resolve("train.csv")) / 7);

    assertThat(training.sha256()).isEqualTo(sha256InOneProcess);
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void anExecutorThatDiesWhileItTrainsChangesNothing() throws Exception {
    Training training = start("killed-executor", "csv", LOCAL_CLUSTER);
    training.awaitLine("epoch 2/12");
    ProcessHandle executor = training.executors().findFirst().orElseThrow();

    assertThat(executor.destroyForcibly()).isTrue();

    assertThat(training.sha256()).isEqualTo(sha256InOneProcess);
    assertThat(training.executorsLost()).isPositive();
  }

  /** A state of the wide network has 2 MB: two are more than half of what Spark lets through. */
  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void statesThatMeetInAShuffleHaveTheSameMeanThoughAnExecutorDiesWithItsFiles() throws Exception {
    String collected = trainInOneProcess("wide-one-process", WIDE_CONF);
    Training training =
        startConf(
            "wide-slices",
            "csv",
            WIDE_CONF,
            LOCAL_CLUSTER,
            "--conf",
            "spark.driver.maxResultSize=4m");
    training.awaitLine("epoch 2/12");
    ProcessHandle executor = training.executors().findFirst().orElseThrow();

    assertThat(executor.destroyForcibly()).isTrue();

    assertThat(training.sha256()).isEqualTo(collected);
    assertThat(training.executorsLost()).isPositive();
    assertThat(training.stagesOf("Convene: epoch 1, round 1")).hasSize(2);
  }

  /** A running {@code submit/convene train}. */
  private record Training(String name, Process process, Path log, Path events) {

    void awaitLine(String start) throws Exception {
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (!Files.readString(log).contains("\n" + start)) {
        assertThat(process.isAlive() && System.nanoTime() < deadline)
            .as(() -> "comes to " + start + ":\n" + text(log))
            .isTrue();
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }

    Stream<ProcessHandle> executors() {
      return process
          .descendants()
          .filter(
              descendant ->
                  descendant
                      .info()
                      .commandLine()
                      .orElse("")
                      .contains("CoarseGrainedExecutorBackend"));
    }

    /** Waits for the end. */
    String sha256() throws Exception {
      assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as("ends").isTrue();
      assertThat(process.exitValue()).as(() -> text(log)).isZero();
      return LocalClusterIT.sha256(name);
    }

    /** Leaves no process and no executor's folder behind. */
    void end() throws Exception {
      List<ProcessHandle> all =
          Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
      all.forEach(ProcessHandle::destroyForcibly);
      for (ProcessHandle each : all) {
        each.onExit().get(30, TimeUnit.SECONDS);
      }
      FileUtils.deleteDirectory(executorFolders().toFile());
    }

    String executorLog(String executor) throws IOException {
      return Files.readString(executorFolders().resolve(executor).resolve("stderr"));
    }

    private Path executorFolders() throws IOException {
      String application = eventLog().getFileName().toString().replace(".inprogress", "");
      return REPOSITORY.resolve("target/spark-home/work").resolve(application);
    }

    /** The executors that ran tasks of the jobs of this description. */
    Set<String> executorsOf(String jobDescription) throws Exception {
      Set<Integer> stages = stagesOf(jobDescription);
      Set<String> executors = new TreeSet<>();
      for (JsonNode event : events("SparkListenerTaskEnd")) {
        if (stages.contains(event.get("Stage ID").intValue())) {
          executors.add(event.get("Task Info").get("Executor ID").textValue());
        }
      }
      return executors;
    }

    /** The stages that such a job ran. */
    Set<Integer> stagesOf(String jobDescription) throws Exception {
      Set<Integer> stages = new HashSet<>();
      for (JsonNode event : events("SparkListenerStageSubmitted")) {
        String description = event.path("Properties").path("spark.job.description").asText();
        if (description.equals(jobDescription)) {
          stages.add(event.get("Stage Info").get("Stage ID").intValue());
        }
      }
      return stages;
    }

    int executorsLost() throws Exception {
      return events("SparkListenerExecutorRemoved").size();
    }

    private Path eventLog() throws IOException {
      try (Stream<Path> files = Files.list(events)) {
        return files
            .filter(file -> !file.getFileName().toString().startsWith("."))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no event log:\n" + text(log)));
      }
    }

    private List<JsonNode> events(String name) throws IOException {
      List<JsonNode> found = new ArrayList<>();
      for (String line : Files.readAllLines(eventLog())) {
        JsonNode event = JSON.readTree(line);
        if (event.get("Event").textValue().equals(name)) {
          found.add(event);
        }
      }
      return found;
    }
  }

  private Training start(String name, String format, String master, String... options)
      throws IOException {
    return startConf(name, format, CONF, master, options);
  }

  private Training startConf(
      String name, String format, String conf, String master, String... options)
      throws IOException {
    Path events = Files.createDirectories(folder.resolve(name + "-events"));
    Path log = folder.resolve(name + ".log");
    List<String> command = new ArrayList<>();
    command.add(REPOSITORY.resolve("submit/convene").toString());
    command.addAll(train(name, format, conf));
    command.addAll(
        List.of(
            "--",
            "--master",
            master,
            "--driver-java-options",
            QUICK_START,
            "--conf",
            "spark.executor.extraJavaOptions=" + QUICK_START,
            "--conf",
            "spark.eventLog.enabled=true",
            "--conf",
            "spark.eventLog.dir=" + events.toUri()));
    command.addAll(List.of(options));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().keySet().removeIf(variable -> variable.startsWith("SPARK_"));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    Training training = new Training(name, process, log, events);
    started.add(training);
    return training;
  }

  private static List<String> train(String name, String format, String conf) {
    boolean isIdx = format.equals("idx");
    return List.of(
        "train",
        folder.resolve(conf).toString(),
        "--set",
        "data.format=" + format,
        "--set",
        "data.train=" + folder.resolve(isIdx ? "idx" : "train.csv").toUri(),
        "--set",
        "data.label=" + (isIdx ? "label" : "_c" + SIDE * SIDE),
        "--set",
        "output.dir=" + folder.resolve(name).toUri());
  }

  private static String sha256(String name) throws IOException {
    return JSON.readTree(folder.resolve(name).resolve("metrics.json").toFile())
        .get("parametersSha256")
        .textValue();
  }

  private static String csv(byte[] pixels, int image) {
    StringBuilder line = new StringBuilder();
    for (int place = 0; place < SIDE * SIDE; place++) {
      line.append(pixels[image * SIDE * SIDE + place] & 0xFF).append(',');
    }
    return line.append(image % CLASSES).toString();
  }

  private static String text(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
