package dev.convene.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.testkit.Checkout;
import dev.convene.testkit.ConveneProcess;
import java.io.File;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/** The processes of {@link MiniHadoop}, and jobs sent to them by {@code submit/convene}. */
final class HadoopCluster {
  private static final long MINUTES_TO_START = 3;

  private final Path folder;
  private final Path sparkHome;
  private final Process daemons;

  private HadoopCluster(Path folder, Path sparkHome, Process daemons) {
    this.folder = folder;
    this.sparkHome = sparkHome;
    this.daemons = daemons;
  }

  static HadoopCluster start(Path folder) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens="))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-Xmx768m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            MiniHadoop.class.getName(),
            folder.toString()));
    Process daemons =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("hadoop.log").toFile())
            .start();
    HadoopCluster cluster = new HadoopCluster(folder, sparkHome(folder), daemons);
    try {
      cluster.awaitLine(MiniHadoop.READY, 1);
      return cluster;
    } catch (AssertionError e) {
      cluster.end();
      throw e;
    }
  }

  /** A Spark that knows YARN: the one that {@code submit/spark-home} assembles, and its YARN. */
  private static Path sparkHome(Path folder) throws Exception {
    Process process =
        new ProcessBuilder(Checkout.root().resolve("submit/spark-home").toString()).start();
    String plain =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).isZero();
    Path home = folder.resolve("spark-home");
    Path jars = Files.createDirectories(home.resolve("jars"));
    try (Stream<Path> files = Files.list(Path.of(plain, "jars"))) {
      for (Path jar : files.toList()) {
        Files.createSymbolicLink(jars.resolve(jar.getFileName()), jar.toRealPath());
      }
    }
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      String name = Path.of(entry).getFileName().toString();
      if (name.startsWith("spark-yarn_") || name.startsWith("hadoop-yarn-server-web-proxy")) {
        Files.createSymbolicLink(jars.resolve(name), Path.of(entry));
      }
    }
    return home;
  }

  /** The client's configuration. */
  Configuration configuration() {
    Configuration conf = new Configuration();
    conf.addResource(new org.apache.hadoop.fs.Path(conf().resolve("core-site.xml").toUri()));
    return conf;
  }

  /** Where the client's configuration is: HADOOP_CONF_DIR. */
  Path conf() {
    return folder.resolve("conf");
  }

  /** Sends a job. */
  ConveneProcess convene(Path hadoopConf, List<String> job, String... options) throws IOException {
    List<String> all = new ArrayList<>();
    all.addAll(List.of("--master", "yarn", "--driver-memory", "512m", "--executor-memory", "512m"));
    // Else every job sends Spark's jars along.
    all.addAll(List.of("--conf", "spark.yarn.jars=local:" + sparkHome + "/jars/*"));
    all.addAll(List.of(options));
    return ConveneProcess.start(
        folder,
        Map.of(
            "SPARK_HOME",
            sparkHome.toString(),
            "SPARK_CONF_DIR",
            Checkout.root().resolve("conf").toString(),
            "HADOOP_CONF_DIR",
            hadoopConf.toString()),
        job,
        all);
  }

  /** The JVMs in YARN's containers that run this class. */
  List<ProcessHandle> containers(String mainClass) {
    return daemons
        .descendants()
        .filter(process -> process.info().command().orElse("").endsWith("java"))
        .filter(process -> process.info().commandLine().orElse("").contains(mainClass))
        .toList();
  }

  void stopDataNode(int index) throws Exception {
    Writer input = new OutputStreamWriter(daemons.getOutputStream(), StandardCharsets.UTF_8);
    input.write(index + "\n");
    input.flush();
    awaitLine(MiniHadoop.DONE, index + 1);
  }

  private void awaitLine(String line, int times) throws IOException, InterruptedException {
    Path log = folder.resolve("hadoop.log");
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES_TO_START);
    while (Files.readString(log).lines().filter(line::equals).count() < times) {
      assertThat(daemons.isAlive() && System.nanoTime() < deadline)
          .as("comes to %s:%n%s", line, Files.readString(log))
          .isTrue();
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  /** Leaves no process behind. */
  void end() throws IOException, InterruptedException {
    List<ProcessHandle> containers = daemons.descendants().toList();
    daemons.getOutputStream().close();
    if (!daemons.waitFor(30, TimeUnit.SECONDS)) {
      daemons.destroyForcibly();
    }
    containers.forEach(ProcessHandle::destroyForcibly);
  }
}
