package dev.convene.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.testkit.Checkout;
import dev.convene.testkit.ConveneProcess;
import dev.convene.testkit.ConveneProcess.Ended;
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
  private static final Path ROOT = Checkout.root();
  private static final long MINUTES_TO_START = 3;

  private final Path folder;
  private final String master;
  private final Path properties;
  private final List<Process> daemons = new ArrayList<>();

  private StandaloneCluster(Path folder, String master, Path properties) {
    this.folder = folder;
    this.master = master;
    this.properties = properties;
  }

  /** Starts a master and workers, each with one core. */
  static StandaloneCluster start(Path folder, int workers) throws Exception {
    return start(folder, workers, Files.createFile(folder.resolve("daemons.properties")));
  }

  /** Starts a master and workers, each with one core, with these properties of Spark. */
  static StandaloneCluster start(Path folder, int workers, Path properties) throws Exception {
    int port = freePort();
    StandaloneCluster cluster =
        new StandaloneCluster(folder, "spark://127.0.0.1:" + port, properties);
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
    command.addAll(List.of("--properties-file", properties.toString()));
    command.addAll(List.of(arguments));
    Path log = folder.resolve(name + ".log");
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(variable -> variable.startsWith("SPARK_"));
    environment.remove("OPENBLAS_CORETYPE");
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("SPARK_LOCAL_IP", "127.0.0.1");
    environment.put("SPARK_HOME", sparkHome());
    environment.put("SPARK_SCALA_VERSION", "2.12");
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
  Ended convene(List<String> job, String... options) throws Exception {
    return convene(Map.of(), job, options);
  }

  Ended convene(Map<String, String> variables, List<String> job, String... options)
      throws Exception {
    String quickStart = String.join(" ", JavaProcess.QUICK_START);
    List<String> all = new ArrayList<>();
    all.addAll(List.of("--driver-memory", "512m", "--executor-memory", "512m"));
    all.addAll(List.of("--conf", "spark.driver.extraJavaOptions=" + quickStart));
    all.addAll(List.of("--conf", "spark.executor.extraJavaOptions=" + quickStart));
    all.addAll(List.of(options));
    try (ConveneProcess process = ConveneProcess.start(folder, variables, job, all)) {
      return process.end();
    }
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
