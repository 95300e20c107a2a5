package dev.convene.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.convene.config.Keys;
import dev.convene.config.Settings;
import dev.convene.testkit.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The templates for schedulers: the script runs, against a stub of the launcher; systemd checks its
 * units; what others submit is a class, a jar and settings that exist.
 */
@Tag("process")
class TemplatesTest {
  private static final Path SUBMIT = Checkout.root().resolve("submit");
  private static final String JAR = "jobs/target/convene-jobs-0.1.0.jar";

  @TempDir Path folder;

  private record Outcome(int status, String output) {}

  private Outcome run(String... command) throws Exception {
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends within a minute").isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Outcome(process.exitValue(), Files.readString(output));
  }

  private static Path executable(Path file, String text) throws IOException {
    Files.writeString(file, text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }

  /**
   * The script, adapted to a launcher that says how it was called and ends with one status after
   * the other.
   */
  private Path nightly(int... statuses) throws IOException {
    StringBuilder cases = new StringBuilder();
    for (int i = 0; i < statuses.length; i++) {
      cases.append("%s) exit %s;; ".formatted(i + 1, statuses[i]));
    }
    Path launcher =
        executable(
            folder.resolve("launcher"),
            """
            #!/usr/bin/env bash
            echo "$CONVENE_RUN_ID $*"; echo x >>"%1$s/calls"
            case $(grep -c x "%1$s/calls") in %2$s esac
            """
                .formatted(folder, cases));
    String script =
        Files.readString(SUBMIT.resolve("nightly"))
            .replaceAll("(?m)^convene=.*$", "convene=" + launcher)
            .replaceAll("(?m)^conf=.*$", "conf=my.conf")
            .replaceAll("(?m)^runs=.*$", "runs=" + folder.resolve("runs"))
            .replaceAll("(?m)^seconds_between_attempts=.*$", "seconds_between_attempts=1");
    return executable(folder.resolve("nightly"), script);
  }

  /** In the order of the attempts. */
  private List<String> logs() throws IOException {
    List<String> logs = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder.resolve("runs/logs"))) {
      for (Path file : files.sorted().toList()) {
        logs.add(Files.readString(file));
      }
    }
    return logs;
  }

  private String call(String date, int attempt) {
    return "%1$s.%2$s train my.conf --set output.dir=%3$s/runs/{date} --set output.date=%1$s --set output.keep=30\n"
        .formatted(date, attempt, folder);
  }

  @Test
  void anOutageIsTriedAgainWithALogOfItsOwn() throws Exception {
    String before = LocalDate.now(ZoneId.systemDefault()).toString();
    Outcome night = run(nightly(5, 0).toString());

    assertThat(night).isEqualTo(new Outcome(0, ""));
    String date = logs().get(0).substring(0, 10);
    assertThat(date).isBetween(before, LocalDate.now(ZoneId.systemDefault()).toString());
    assertThat(logs()).containsExactly(call(date, 1), call(date, 2));
    assertThat(folder.resolve("runs/running")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({"2, 1", "3, 1", "4, 1", "5, 3"})
  void aFailureIsPrintedAndNoMistakeIsTriedAgain(int status, int attempts) throws Exception {
    Outcome night = run(nightly(status, status, status, status).toString());

    assertThat(night.status()).isEqualTo(status);
    assertThat(night.output())
        .startsWith("Convene ended with exit status " + status)
        .contains("output.keep=30");
    assertThat(logs()).hasSize(attempts);
  }

  @Test
  void afterARebootTheNightThatWasInterruptedGoesOn() throws Exception {
    Path script = nightly(0);
    assertThat(run(script.toString(), "--after-reboot")).isEqualTo(new Outcome(0, ""));
    assertThat(logs()).isEmpty();

    Files.writeString(folder.resolve("runs/running"), "2026-01-31\n");
    assertThat(run(script.toString(), "--after-reboot")).isEqualTo(new Outcome(0, ""));
    assertThat(logs()).containsExactly(call("2026-01-31", 1));
    assertThat(folder.resolve("runs/running")).doesNotExist();
  }

  @Test
  void systemdAcceptsItsUnits() throws Exception {
    assumeTrue(run("bash", "-c", "command -v systemd-analyze").status() == 0, "no systemd here");
    Path script = executable(folder.resolve("copy"), "#!/bin/sh\n");
    List<String> command = new ArrayList<>(List.of("systemd-analyze", "verify"));
    try (Stream<Path> units = Files.list(SUBMIT.resolve("systemd"))) {
      for (Path unit : units.sorted().toList()) {
        Path copy = folder.resolve(unit.getFileName());
        Files.writeString(
            copy,
            Files.readString(unit)
                .replace("/usr/local/bin/nightly", script.toString())
                .replace("User=convene\n", ""));
        command.add(copy.toString());
      }
    }
    assertThat(command).hasSize(5);

    Outcome verified = run(command.toArray(String[]::new));

    assertThat(verified.output()).doesNotContain(folder.toString());
    assertThat(verified.status()).as(verified.output()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"application.yaml", "nightly.yaml"})
  void kubernetesStartsWhatTheImageHolds(String template) throws Exception {
    JsonNode spec =
        new YAMLMapper()
            .readTree(SUBMIT.resolve("kubernetes").resolve(template).toFile())
            .get("spec");
    if (spec.has("template")) {
      spec = spec.get("template");
    }
    String image = Files.readString(SUBMIT.resolve("kubernetes/Dockerfile"));

    assertThat(image).contains("\nCOPY " + JAR + " /opt/convene/convene-jobs.jar\n");
    assertThat(spec.get("mainApplicationFile").textValue())
        .isEqualTo("local:///opt/convene/convene-jobs.jar");
    Class.forName(spec.get("mainClass").textValue());
    assertThat(image)
        .contains("apache/spark:" + spec.get("sparkVersion").textValue() + "-scala2.12-");
    assertThat(org.apache.spark.package$.MODULE$.SPARK_VERSION())
        .isEqualTo(spec.get("sparkVersion").textValue());
    requireSettings(spec.get("arguments"));
  }

  /** With stubs of Airflow's classes, which write down what they are given. */
  @Test
  void airflowSubmitsWhatThereIs() throws Exception {
    assumeTrue(run("python3", "--version").status() == 0, "no python3 here");
    Path operators =
        Files.createDirectories(folder.resolve("airflow/providers/apache/spark/operators"));
    Files.writeString(folder.resolve("pendulum.py"), "def datetime(*date, tz): return date\n");
    Files.writeString(
        folder.resolve("airflow/__init__.py"),
        """
        class DAG:
            def __init__(self, **given): assert given["max_active_runs"] == 1
            def __enter__(self): return self
            def __exit__(self, *failure): pass
        """);
    Files.writeString(
        operators.resolve("spark_submit.py"),
        """
        import json
        class SparkSubmitOperator:
            def __init__(self, **given): print(json.dumps(given, default=str))
        """);
    Outcome parsed =
        run(
            "env",
            "PYTHONPATH=" + folder,
            "python3",
            SUBMIT.resolve("airflow/convene_nightly.py").toString());

    assertThat(parsed.status()).as(parsed.output()).isZero();
    JsonNode operator = new ObjectMapper().readTree(parsed.output());
    assertThat(operator.get("application").textValue()).isEqualTo("/opt/convene/" + JAR);
    Class.forName(operator.get("java_class").textValue());
    requireSettings(operator.get("application_args"));
  }

  /** A training of an existing conf, with settings that are right. */
  private static void requireSettings(JsonNode arguments) {
    List<String> words =
        StreamSupport.stream(arguments.spliterator(), false)
            .map(JsonNode::textValue)
            .map(word -> word.replace("{{ ds }}", "2026-11-26"))
            .toList();
    assertThat(words.get(0)).isEqualTo("train");
    List<String> overrides = new ArrayList<>();
    for (int i = 2; i < words.size(); i += 2) {
      assertThat(words.get(i)).isEqualTo("--set");
      overrides.add(words.get(i + 1));
    }
    Path conf = Checkout.root().resolve(Path.of("/opt/convene").relativize(Path.of(words.get(1))));
    Settings settings = Settings.load(conf, overrides);
    assertThat(settings.value(Keys.OUTPUT_DIR)).isPresent();
  }
}
