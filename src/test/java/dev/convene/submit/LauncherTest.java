package dev.convene.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.convene.testkit.Checkout;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code submit/convene} run by bash in a checkout made up of it and of stubs, in a folder with a
 * space in its name: no Maven and no Spark job runs here.
 */
@Tag("process")
class LauncherTest {
  @TempDir Path folder;
  private Path checkout;
  private Path jar;
  private Path sparkHome;
  private Path javaHome;

  private record Outcome(int status, String stdout, String stderr) {}

  @BeforeEach
  void stubCheckout() throws Exception {
    assumeTrue(File.separatorChar == '/', "bash is needed");
    checkout = Files.createDirectories(folder.resolve("my checkout"));
    for (String script : List.of("convene", "spark-home", "quiet-maven")) {
      Path copy = checkout.resolve("submit").resolve(script);
      Files.createDirectories(copy.getParent());
      Files.copy(Checkout.root().resolve("submit").resolve(script), copy);
      assertThat(copy.toFile().setExecutable(true)).isTrue();
    }
    write("pom.xml", "<project>\n  <version>7.8.9</version>\n</project>\n");
    for (String source :
        List.of("common/pom.xml", "common/onnx/pom.xml", "jobs/pom.xml", "conf/reference.conf")) {
      write(source, "");
    }
    write("common/src/A.java", "");
    write("common/onnx/src/O.java", "");
    write("jobs/src/B.java", "");
    jar = checkout.resolve("jobs/target/convene-jobs-7.8.9.jar");
    sparkHome = Files.createDirectories(folder.resolve("spark home"));
    linkSparkJars(sparkHome);
    javaHome = Path.of(System.getProperty("java.home"));
  }

  @Test
  void dryRunPrintsOneShellQuotedCommandThatSparksLauncherMade() throws Exception {
    Outcome outcome =
        convene("train", "my conf", "--dry-run", "--set", "data.options.sep=,", "--set", "x='$y'");

    assertThat(outcome.stderr()).isEmpty();
    assertThat(outcome.status()).isZero();
    assertThat(outcome.stdout().lines()).hasSize(1);
    List<String> words = wordsOf(outcome.stdout());
    assertThat(words)
        .startsWith("env", "SPARK_HOME=" + sparkHome, "SPARK_SCALA_VERSION=2.12")
        .contains(javaHome + "/bin/java", "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED")
        .containsSequence("--class", "dev.convene.jobs.Main")
        .endsWith(
            jar.toString(), "train", "my conf", "--set", "data.options.sep=,", "--set", "x='$y'");
    assertThat(jar).as("a dry run builds nothing").doesNotExist();
  }

  @Test
  void optionsAfterTheDashesReachSpark() throws Exception {
    Outcome outcome =
        convene(
            "train", "a.conf", "--dry-run", "--", "--driver-memory", "3g", "--conf", "spark.x=a b");

    assertThat(wordsOf(outcome.stdout()))
        .contains("-Xmx3g")
        .containsSequence("--conf", "spark.x=a b")
        .endsWith(jar.toString(), "train", "a.conf");
  }

  @Test
  void anOptionThatSparkDoesNotKnowIsRefused() throws Exception {
    Outcome outcome = convene("train", "--dry-run", "--", "--nonsense");

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.stderr())
        .contains("Error: Unrecognized option: --nonsense")
        .contains("spark-submit does not take these options: --nonsense; see ");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aClusterDriverGetsAllSettingsAndIsNotRetried(boolean byPropertiesFile) throws Exception {
    jarOfThisApplication();
    write("confs/rest.conf", "train.epochs = 7");
    Path conf = write("confs/my.conf", "include \"rest.conf\"\ndata.train = ${?SOME}");
    Path parameters = write("start.json", "{}");
    Path properties =
        write("cluster.properties", "spark.master yarn\nspark.submit.deployMode cluster");
    List<String> line =
        new ArrayList<>(
            List.of(
                "train",
                conf.toString(),
                "--dry-run",
                "--set",
                "train.initial-parameters=" + parameters,
                "--set",
                "data.options.password=${SECRET}",
                "--"));
    line.addAll(
        byPropertiesFile
            ? List.of("--properties-file", properties.toString())
            : List.of("--master", "yarn", "--deploy-mode", "cluster"));

    Outcome outcome = convene(line.toArray(String[]::new));

    assertThat(outcome.stderr()).doesNotContain("convene: ");
    List<String> words = wordsOf(outcome.stdout());
    assertThat(words)
        .containsSequence("--conf", "spark.yarn.maxAppAttempts=1")
        .containsSequence("--files", "file:" + parameters + "#train.initial-parameters.json")
        .contains("dev.convene.jobs.ClusterSubmission", "train")
        .doesNotContain(conf.toString());
    String last = words.get(words.size() - 1);
    assertThat(last).startsWith("--settings=");
    assertThat(
            new String(
                Base64.getUrlDecoder().decode(last.substring("--settings=".length())),
                StandardCharsets.UTF_8))
        .contains("\"epochs\":7", "\"train\":${?SOME}", "\"password\":${SECRET}", "${PWD}");
  }

  @Test
  void aJobsOwnOptionsGoAlongToTheClustersDriver() throws Exception {
    jarOfThisApplication();

    Outcome outcome =
        convene(
            "export",
            "--dry-run",
            "--to",
            "onnx",
            "--",
            "--master",
            "yarn",
            "--deploy-mode",
            "cluster");

    assertThat(wordsOf(outcome.stdout())).contains("export", "--to=onnx");
  }

  @Test
  void theDriverOfAStandaloneClusterIsStartedAsJava17Needs() throws Exception {
    jarOfThisApplication();

    Outcome outcome =
        convene(
            "evaluate",
            "--dry-run",
            "--",
            "--master",
            "spark://h:7077",
            "--deploy-mode=cluster",
            "--conf",
            "spark.driver.extraJavaOptions=-Dmine=1");

    List<String> words = wordsOf(outcome.stdout());
    assertThat(words.get(words.lastIndexOf("--driver-java-options") + 1))
        .contains("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED")
        .endsWith(" -Dmine=1");
  }

  @ParameterizedTest
  @CsvSource({"yarn, YARN", "k8s://https://h:6443, Kubernetes"})
  void aSparkWithoutTheClustersClassesIsRefused(String master, String cluster) throws Exception {
    jarOfThisApplication();

    Outcome outcome = convene("train", "a.conf", "--", "--master", master);

    assertThat(outcome)
        .isEqualTo(
            new Outcome(
                2,
                "",
                "convene: this Spark has no "
                    + cluster
                    + ": point SPARK_HOME to a distribution of Spark 3.5 whose jars/ has it\n"));
  }

  /** In place of the packaged one: the classes that are tested here. */
  private void jarOfThisApplication() throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest
        .getMainAttributes()
        .put(
            Attributes.Name.CLASS_PATH,
            Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(entry -> Path.of(entry).toUri().toString())
                .collect(Collectors.joining(" ")));
    Files.createDirectories(jar.getParent());
    new JarOutputStream(Files.newOutputStream(jar), manifest).close();
  }

  @Test
  void aSparkOfAnotherScalaVersionIsRefused() throws Exception {
    sparkHome = folder.resolve("spark4");
    Files.createDirectories(sparkHome.resolve("jars"));
    Files.createFile(sparkHome.resolve("jars/spark-core_2.13-4.0.0.jar"));

    Outcome outcome = convene("train", "a.conf");

    assertThat(outcome)
        .isEqualTo(
            new Outcome(
                2,
                "",
                "SPARK_HOME="
                    + sparkHome
                    + " is not Spark 3.5 with Scala 2.12 (found spark-core_2.13-4.0.0.jar): point"
                    + " it to one that is, or unset it and Convene gets its own.\n"));
  }

  @ParameterizedTest
  @CsvSource({"1.8.0_392, 8", "11.0.21, 11", "23, 23", "25.0.1, 25"})
  void aJavaThatSparkDoesNotRunOnIsRefused(String version, int feature) throws Exception {
    javaHome = folder.resolve("jdk");
    script(javaHome.resolve("bin/java"), "echo 'openjdk version \"" + version + "\"' >&2");

    assertThat(convene("train", "a.conf"))
        .isEqualTo(
            new Outcome(
                2,
                "",
                "Spark 3.5 with Convene needs JDK 17 to 22, and "
                    + javaHome
                    + "/bin/java is "
                    + feature
                    + ": set JAVA_HOME to a JDK 17.\n"));
  }

  @Test
  void aMissingJavaIsNamed() throws Exception {
    javaHome = Path.of("/nowhere");

    assertThat(convene("train"))
        .isEqualTo(
            new Outcome(
                2,
                "",
                "No Java at /nowhere/bin/java: install a JDK 17 and set JAVA_HOME to it.\n"));
  }

  @Test
  void withoutAJobTheUsageIsAnErrorAndOnRequestItIsNot() throws Exception {
    Outcome missing = convene();
    Outcome asked = convene("--help");

    assertThat(missing.status()).isEqualTo(2);
    assertThat(missing.stderr()).startsWith("Usage: submit/convene JOB [CONF]");
    assertThat(asked).isEqualTo(new Outcome(0, missing.stderr(), ""));
    assertThat(asked.stdout()).contains("fetch-data", "train", "evaluate", "export", "settings");
  }

  @Test
  void theStatusOfTheJobIsTheStatusOfTheCommandAndNothingFreshIsBuilt() throws Exception {
    write("jobs/target/convene-jobs-7.8.9.jar", "");
    maven("exit 9");
    stubJava("echo \"$6\"; exit 4");

    assertThat(convene("train", "a.conf")).isEqualTo(new Outcome(4, "train\n", ""));
  }

  @Test
  void aJarOlderThanASourceIsBuiltAgain() throws Exception {
    write("jobs/target/convene-jobs-7.8.9.jar", "");
    assertThat(jar.toFile().setLastModified(1_000_000_000_000L)).isTrue();
    maven("echo noise; echo \"$*\" > called");
    stubJava("exit 0");

    assertThat(convene("train"))
        .isEqualTo(new Outcome(0, "", "building Convene (first time: a few minutes) ...\n"));
    assertThat(checkout.resolve("called")).hasContent("-B -q -DskipTests -pl jobs -am package");
    assertThat(convene("train")).as("the second time").isEqualTo(new Outcome(0, "", ""));
  }

  @Test
  void theJarOfDl4jIsBuiltAndAddedWhereTheSettingsAskForIt() throws Exception {
    write("jobs/target/convene-jobs-7.8.9.jar", "");
    Path dl4jJar = checkout.resolve("common/dl4j/target/convene-dl4j-7.8.9.jar");
    write("common/dl4j/pom.xml", "");
    write("common/dl4j/src/C.java", "");
    Path conf = write("a.conf", "# not dl4j");
    maven("mkdir -p common/dl4j/target; echo \"$*\" > called; touch " + dl4jJar.getFileName());
    stubJava("echo \"$@\"");
    answerSettings("train.trainer = \"native\"       # default");
    assertThat(convene("train", conf.toString()).stdout()).doesNotContain("--jars");

    answerSettings(
        "model.dl4j-configuration = \"a.json\" # "
            + conf
            + "\ntrain.trainer = \"native\" # default");
    convene("train", conf.toString());
    assertThat(dl4jJar).exists();
    Files.delete(dl4jJar);

    answerSettings("train.trainer = \"dl4j\"         # " + conf);
    Outcome outcome = convene("train", conf.toString(), "--", "--jars", "mine.jar");

    assertThat(outcome.stderr())
        .isEqualTo("building the DL4J module (first time: 120 MB to fetch, a few minutes) ...\n");
    assertThat(checkout.resolve("called"))
        .hasContent("-B -q -DskipTests -pl common/dl4j -am package");
    assertThat(outcome.stdout()).contains("--jars mine.jar," + dl4jJar + " ");
    assertThat(convene("train", conf.toString()).stdout()).contains("--jars " + dl4jJar + " ");

    answerSettings(
        "train.trainer = \"native\" # default\ntune.space = {\"train\":{\"trainer\":[\"dl4j\"]}} # "
            + conf);
    assertThat(convene("tune", conf.toString()).stdout()).contains("--jars " + dl4jJar + " ");
  }

  @ParameterizedTest
  @CsvSource({
    "[ERROR] A.java: cannot find symbol, 1, 'failed (above).'",
    "[ERROR] Could not transfer artifact, 5, 'failed, because Maven could not fetch what it needs"
        + " (above); check the network and ~/.m2/settings.xml, then try again.'"
  })
  void aFailedBuildShowsWhatMavenSaid(String said, int status, String ending) throws Exception {
    maven("echo '" + said + "'; exit 1");

    String building = "building Convene (first time: a few minutes)";
    assertThat(convene("train"))
        .isEqualTo(
            new Outcome(
                status, "", building + " ...\n" + said + "\n" + building + ": " + ending + "\n"));
  }

  private Outcome convene(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("bash", checkout + "/submit/convene"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("SPARK_"));
    builder.environment().keySet().removeIf(name -> name.endsWith("_OPTIONS"));
    builder.environment().put("SPARK_HOME", sparkHome.toString());
    builder.environment().put("JAVA_HOME", javaHome.toString());
    builder.environment().put("HADOOP_CONF_DIR", folder.toString());
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().merge("PATH", "", (path, none) -> folder.resolve("bin") + ":" + path);
    return run(builder);
  }

  private Outcome run(ProcessBuilder builder) throws Exception {
    Path stdout = folder.resolve("stdout");
    Path stderr = folder.resolve("stderr");
    Process process =
        builder.redirectOutput(stdout.toFile()).redirectError(stderr.toFile()).start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends within a minute").isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Outcome(process.exitValue(), Files.readString(stdout), Files.readString(stderr));
  }

  /** The words a shell makes of a line. */
  private List<String> wordsOf(String line) throws Exception {
    return run(new ProcessBuilder("bash", "-c", "printf '%s\\n' " + line))
        .stdout()
        .lines()
        .toList();
  }

  /** A java of version 17 whose Spark launcher makes a command of this shell script. */
  private void stubJava(String script) throws IOException {
    Path job = script(folder.resolve("job"), script);
    javaHome = folder.resolve("jdk");
    script(
        javaHome.resolve("bin/java"),
        """
        if [ "$1" = -version ]; then echo 'openjdk version "17.0.1"'; exit; fi
        case " $* " in *" dev.convene.jobs.Main settings "*) cat "$(dirname "$0")/settings"; exit ;; esac
        while [ "$1" != --class ]; do shift; done
        printf '\\0\\n'; printf '%%s\\0' "%s" x x "$@"
        """
            .formatted(job));
  }

  /** What the stub of Java prints for the job settings. */
  private void answerSettings(String line) throws IOException {
    Files.writeString(javaHome.resolve("bin/settings"), line + "\n");
  }

  private void maven(String script) throws IOException {
    script(folder.resolve("bin/mvn"), script);
  }

  private Path write(String name, String content) throws IOException {
    Path file = checkout.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  private static Path script(Path file, String content) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/usr/bin/env bash\n" + content + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }

  private static void linkSparkJars(Path sparkHome) throws IOException {
    Path jars = Files.createDirectories(sparkHome.resolve("jars"));
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path jar = Path.of(entry);
      if (jar.getFileName().toString().matches("spark-(core|launcher)_2\\.12-3\\.5\\..*\\.jar")) {
        Files.createSymbolicLink(jars.resolve(jar.getFileName()), jar);
      }
    }
  }
}
