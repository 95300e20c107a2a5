package dev.convene.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.testkit.Checkout;
import dev.convene.testkit.JavaProcess;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A standalone master and worker daemons, processes of their own from the Spark that {@code
 * submit/spark-home} assembles, and jobs sent to them by {@code submit/convene}. All of them
 * {@linkplain #end end} with the test.
 */
final class StandaloneCluster {
  /** How a call of {@code submit/convene} ended. */
  record Run(int status, String stdout, String stderr) {
    String lastLine() {
      return stdout.lines().reduce("", (before, line) -> line);
    }
  }

  private static final Path ROOT = Checkout.root();
  private static final long MINUTES_TO_START = 3;
  private static final long MINUTES_FOR_A_JOB = 10;

  private final Path folder;
  private final String master;
  private final List<Process> daemons = new ArrayList<>();

  private StandaloneCluster(Path folder, String master) {
    this.folder = folder;
    this.master = master;
  }

  /** Starts a master and workers, each with one core. */
  static StandaloneCluster start(Path folder, int workers) throws Exception {
    int port = freePort();
    StandaloneCluster cluster = new StandaloneCluster(folder, "spark://127.0.0.1:" + port);
    cluster.daemon(
        "master", "ALIVE", "org.apache.spark.deploy.master.Master", "--port", String.valueOf(port));
    for (int i = 1; i <= workers; i++) {
      cluster.daemon(
          "worker-" + i,
          "Successfully registered",
          "org.apache.spark.deploy.worker.Worker",
          "--cores",
          "1",
          "--memory",
          "3g",
          "--work-dir",
          folder.resolve("work-" + i).toString(),
          cluster.master);
    }
    return cluster;
  }

  String master() {
    return master;
  }

  /** A port that nothing listens to. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private void daemon(String name, String sign, String main, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens="))
        .forEach(command::add);
    command.addAll(JavaProcess.QUICK_START);
    command.addAll(List.of("-Xmx256m", "-cp", sparkHome() + "/jars" + File.separator + "*", main));
    command.addAll(List.of("--host", "127.0.0.1", "--webui-port", "0"));
    command.addAll(List.of(arguments));
    Path log = folder.resolve(name + ".log");
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    environment(builder.environment());
    builder.environment().put("SPARK_HOME", sparkHome());
    builder.environment().put("SPARK_SCALA_VERSION", "2.12");
    Process daemon = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    daemons.add(daemon);
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES_TO_START);
    while (!Files.readString(log).contains(sign)) {
      assertThat(daemon.isAlive() && System.nanoTime() < deadline)
          .as("%s starts:%n%s", name, Files.readString(log))
          .isTrue();
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private static String sparkHome() throws Exception {
    Process process = new ProcessBuilder(ROOT.resolve("submit/spark-home").toString()).start();
    String home =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).isZero();
    return home;
  }

  /** Runs {@code submit/convene} to its end, as a user would in the cluster's folder. */
  Run convene(List<String> job, String... options) throws Exception {
    return convene(Map.of(), job, options);
  }

  Run convene(Map<String, String> variables, List<String> job, String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of(ROOT.resolve("submit/convene").toString()));
    command.addAll(job);
    command.add("--");
    command.addAll(List.of("--driver-memory", "512m", "--executor-memory", "512m"));
    command.addAll(List.of(options));
    Path stdout = Files.createTempFile(folder, "run", ".stdout");
    Path stderr = Files.createTempFile(folder, "run", ".stderr");
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    environment(builder.environment());
    builder.environment().putAll(variables);
    Process process =
        builder.redirectOutput(stdout.toFile()).redirectError(stderr.toFile()).start();
    daemons.add(process);
    boolean ended = process.waitFor(MINUTES_FOR_A_JOB, TimeUnit.MINUTES);
    assertThat(ended).as(() -> "ends: " + stderr).isTrue();
    daemons.remove(process);
    return new Run(process.exitValue(), Files.readString(stdout), Files.readString(stderr));
  }

  private static void environment(Map<String, String> environment) {
    environment.keySet().removeIf(variable -> variable.startsWith("SPARK_"));
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("SPARK_LOCAL_IP", "127.0.0.1");
  }

  /** Leaves no process behind. */
  void end() throws Exception {
    List<ProcessHandle> all =
        daemons.stream()
            .flatMap(each -> Stream.concat(each.descendants(), Stream.of(each.toHandle())))
            .toList();
    all.forEach(ProcessHandle::destroyForcibly);
    for (ProcessHandle each : all) {
      each.onExit().get(30, TimeUnit.SECONDS);
    }
  }
}
