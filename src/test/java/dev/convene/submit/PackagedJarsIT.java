package dev.convene.submit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.scorer.Scorer;
import dev.convene.testkit.Checkout;
import dev.convene.testkit.JavaProcess;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The jars as users run them: on the jars of a Spark, and not on Maven's class path. */
@Tag("process")
class PackagedJarsIT {
  private static final Path REPOSITORY = Checkout.root();

  private static final List<String> SOURCES =
      List.of(
          "pom.xml",
          "common/pom.xml",
          "common/src",
          "common/dl4j/pom.xml",
          "common/dl4j/src",
          "common/onnx/pom.xml",
          "common/onnx/src",
          "jobs/pom.xml",
          "jobs/src",
          "conf/reference.conf");

  /** What is on the class path of the tests but not among Spark's jars. */
  private static final String NOT_OF_SPARK =
      "(convene|junit|opentest4j|apiguardian|assertj|byte-buddy|archunit|jmh|jopt-simple|picocli"
          + "|progressbar|jline|config|openblas|jna|h2|tribuo|protobuf|onnxruntime|uplot)-.*";

  private static final String NEEDS_JAR =
      "the trainer dl4j needs the jar convene-dl4j, which is not on Spark's class path:"
          + " submit/convene adds it if the settings have train.trainer = dl4j or"
          + " model.dl4j-configuration; with spark-submit build it (mvn -DskipTests -pl common/dl4j"
          + " -am package) and add it with --jars";

  @TempDir private static Path sparkHome;
  private static Path jobsJar;
  private static Path dl4jJar;

  @TempDir private Path folder;

  private record Outcome(int status, List<String> stdout, String stderr) {
    String lastLine() {
      return stdout.get(stdout.size() - 1);
    }
  }

  @BeforeAll
  static void findJars() throws IOException {
    jobsJar = builtJar("jobs", "convene-jobs");
    dl4jJar = builtJar("common/dl4j", "convene-dl4j");
    Path jars = Files.createDirectory(sparkHome.resolve("jars"));
    for (Path jar : sparkJars()) {
      Files.createSymbolicLink(jars.resolve(jar.getFileName()), jar);
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void dl4jsJarHasNothingThatIsThereAlready() throws Exception {
    Set<String> dl4j = entries(dl4jJar);
    assertThat(dl4j)
        .contains("dev/convene/dl4j/Dl4jBackend.class")
        .noneMatch(entry -> entry.matches("META-INF/.*\\.(SF|RSA|DSA)"));
    Set<String> shared = entries(jobsJar);
    shared.retainAll(dl4j);
    assertThat(shared)
        .containsExactlyInAnyOrder("META-INF/MANIFEST.MF", "META-INF/LICENSE", "META-INF/NOTICE");
    for (Path jar : sparkJars()) {
      Set<String> repeated = entries(jar);
      repeated.retainAll(dl4j);
      repeated.removeIf(entry -> !entry.endsWith(".class"));
      assertThat(repeated).as("classes of %s", jar.getFileName()).isEmpty();
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void theLauncherTrainsByDl4j() throws Exception {
    Outcome outcome = run(launcher("train", "--set", "train.trainer=dl4j"));

    assertThat(outcome.status()).as(outcome.stderr()).isZero();
    assertThat(outcome.lastLine())
        .matches("accuracy [01]\\.\\d{4} on 30 test rows, loss \\d\\.\\d{4}");
    assertThat(folder.resolve("output/model/metadata")).isDirectory();
  }

  /** With protobuf beside Spark's own. */
  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void whatTheLauncherExportsIsScoredWithoutSpark() throws Exception {
    Outcome trained = run(launcher("train"));
    assertThat(trained.status()).as(trained.stderr()).isZero();

    Outcome exported = run(launcher("export", "--to", "onnx"));

    assertThat(exported.status()).as(exported.stderr()).isZero();
    assertThat(Scorer.load(folder.resolve("output/model")).labels())
        .containsExactly("setosa", "versicolor", "virginica");
  }

  /** One whose activation only DL4J has. */
  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void anyNetworkOfDl4jIsTrainedAndUsed() throws Exception {
    String configuration = REPOSITORY.resolve("src/test/resources/dl4j/iris.json").toString();
    Outcome trained =
        run(
            launcher(
                "train",
                "--set",
                "model.dl4j-configuration=" + configuration,
                "--set",
                "model.hidden=null",
                "--set",
                "train.optimizer.name=null",
                "--set",
                "train.optimizer.learning-rate=null"));
    assertThat(trained.status()).as(trained.stderr()).isZero();
    assertThat(trained.stdout()).anyMatch(line -> line.matches("DenseLayer 1 +4 -> 16 .* 80"));
    assertThat(trained.lastLine()).contains(" on 30 test rows, ");

    Path rows = Files.createFile(folder.resolve("rows.csv"));
    Files.writeString(
        rows,
        "sepal_length,sepal_width,petal_length,petal_width\n5.1,3.5,1.4,0.2\n6.3,3.3,6.0,2.5\n");
    String[] predict = {
      "--set",
      "predict.input=" + rows,
      "--set",
      "predict.output=" + folder.resolve("predictions"),
      "--set",
      "predict.format=csv"
    };
    Outcome withoutJar = run(launcher("predict", predict));
    assertThat(withoutJar.status()).isEqualTo(2);
    assertThat(withoutJar.stderr().lines()).contains("convene: " + NEEDS_JAR);

    List<String> withJar = new ArrayList<>(List.of(predict));
    withJar.addAll(List.of("--set", "train.trainer=dl4j"));
    Outcome predicted = run(launcher("predict", withJar.toArray(String[]::new)));
    assertThat(predicted.status()).as(predicted.stderr()).isZero();
    assertThat(predicted.lastLine()).isEqualTo("predicted 2 rows");
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void withoutDl4jsJarTheMessageSaysSo() throws Exception {
    Outcome dryRun = run(launcher("train", "--dry-run"));
    String command = dryRun.lastLine() + " --set train.trainer=dl4j";

    Outcome outcome = run(List.of("bash", "-c", command));

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.stderr().lines()).contains("convene: " + NEEDS_JAR);
    assertThat(folder.resolve("output")).doesNotExist();
  }

  /** As cron starts it, without a locale. */
  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void namesBeyondAsciiNeedNoLocale() throws Exception {
    Path data = Files.createDirectory(folder.resolve("dätän")).resolve("größe.csv");
    Files.writeString(
        data,
        Stream.of("länge,größe", "1,0.5", "2,1", "3,1.5", "4,2")
            .collect(Collectors.joining("\n", "", "\n")));
    Path conf = Files.writeString(folder.resolve("größe.conf"), "data.format = csv\n");
    List<String> command =
        new ArrayList<>(List.of("env", "-u", "LC_ALL", "-u", "LC_CTYPE", "LANG=C"));
    command.addAll(
        launcher(
            "train",
            conf,
            "--set",
            "data.train=" + data,
            "--set",
            "data.options.header=true",
            "--set",
            "data.label=größe",
            "--set",
            "model.task=regression",
            "--set",
            "output.dir=" + folder.resolve("modèle")));

    Outcome outcome = run(command);

    assertThat(outcome.status()).as(outcome.stderr()).isZero();
    assertThat(outcome.lastLine()).isEqualTo("trained, no test data");
    assertThat(folder.resolve("modèle/settings.conf")).content().contains("größe");
  }

  private List<String> launcher(String job, String... arguments) {
    return launcher(job, REPOSITORY.resolve("conf/iris.conf"), arguments);
  }

  private List<String> launcher(String job, Path conf, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "bash",
                REPOSITORY.resolve("submit/convene").toString(),
                job,
                conf.toString(),
                "--set",
                "train.epochs=2",
                "--set",
                "output.dir=" + folder.resolve("output")));
    command.addAll(List.of(arguments));
    command.addAll(
        List.of(
            "--",
            "--master",
            "local[2]",
            "--driver-java-options",
            String.join(" ", JavaProcess.QUICK_START),
            "--conf",
            "spark.ui.enabled=false"));
    return command;
  }

  private Outcome run(List<String> command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("SPARK_"));
    builder.environment().keySet().removeIf(name -> name.endsWith("_OPTIONS"));
    builder.environment().put("SPARK_HOME", sparkHome.toString());
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Path stdout = folder.resolve("stdout");
    Path stderr = folder.resolve("stderr");
    Process process =
        builder.redirectOutput(stdout.toFile()).redirectError(stderr.toFile()).start();
    try {
      assertThat(process.waitFor(15, TimeUnit.MINUTES)).as("ends within 15 minutes").isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Outcome(process.exitValue(), Files.readAllLines(stdout), Files.readString(stderr));
  }

  /** As the launcher sees it: there, and no older than a source. */
  private static Path builtJar(String module, String name) throws IOException {
    Path target = REPOSITORY.resolve(module).resolve("target");
    List<Path> jars;
    try (Stream<Path> files = Files.list(target)) {
      jars =
          files.filter(file -> file.getFileName().toString().matches(name + "-.*\\.jar")).toList();
    }
    assertThat(jars).as("what the phase package has built").hasSize(1);
    for (String source : SOURCES) {
      try (Stream<Path> files = Files.walk(REPOSITORY.resolve(source))) {
        assertThat(files.filter(file -> isNewer(file, jars.get(0))))
            .as("sources that %s does not have yet", jars.get(0))
            .isEmpty();
      }
    }
    return jars.get(0);
  }

  private static boolean isNewer(Path file, Path jar) {
    return file.toFile().lastModified() > jar.toFile().lastModified();
  }

  private static Set<String> entries(Path jar) throws IOException {
    Set<String> names = new HashSet<>();
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      zip.stream().filter(entry -> !entry.isDirectory()).map(ZipEntry::getName).forEach(names::add);
    }
    return names;
  }

  private static List<Path> sparkJars() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .map(Path::of)
        .filter(path -> path.toString().endsWith(".jar"))
        .filter(path -> !path.getFileName().toString().matches(NOT_OF_SPARK))
        .toList();
  }
}
