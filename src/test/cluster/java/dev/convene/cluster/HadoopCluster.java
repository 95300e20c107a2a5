package dev.convene.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.testkit.Checkout;
import dev.convene.testkit.ConveneProcess;
import dev.convene.testkit.ConveneProcess.Ended;
import dev.convene.testkit.JavaProcess;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * The processes of {@link MiniHadoop}, and jobs sent to them by {@code submit/convene}. The test
 * classes of a run share one, and get it as a parameter.
 */
final class HadoopCluster implements CloseableResource {
  /** Gives test classes the run's cluster, which ends with the run. */
  static final class Shared implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == HadoopCluster.class;
    }

    @Override
    public HadoopCluster resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(Namespace.create(HadoopCluster.class))
          .getOrComputeIfAbsent(
              HadoopCluster.class, key -> HadoopCluster.start(), HadoopCluster.class);
    }
  }

  private static final long MINUTES_TO_START = 3;
  private static final String WEB_PROXY = "hadoop-yarn-server-web-proxy";

  private final Path folder;
  private final Path sparkHome;
  private final Process daemons;
  private int orders;

  private HadoopCluster(Path folder, Path sparkHome, Process daemons) {
    this.folder = folder;
    this.sparkHome = sparkHome;
    this.daemons = daemons;
  }

  private static HadoopCluster start() {
    try {
      return start(Files.createTempDirectory("hadoop"));
    } catch (Exception e) {
      throw new IllegalStateException("Hadoop does not start", e);
    }
  }

  private static HadoopCluster start(Path folder) throws Exception {
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
            "-Djava.io.tmpdir=" + folder,
            "-cp",
            daemonsClassPath(),
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
      cluster.awaitLine(MiniHadoop.READY);
      return cluster;
    } catch (AssertionError e) {
      cluster.close();
      throw e;
    }
  }

  /** The daemons bring what Spark's YARN client has beside it. */
  private static String daemonsClassPath() {
    return classPath()
        .filter(entry -> !name(entry).startsWith(WEB_PROXY))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static Stream<String> classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1));
  }

  private static String name(String entry) {
    return Path.of(entry).getFileName().toString();
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
    for (String entry : classPath().toList()) {
      if (name(entry).startsWith("spark-yarn_") || name(entry).startsWith(WEB_PROXY)) {
        Files.createSymbolicLink(jars.resolve(name(entry)), Path.of(entry));
      }
    }
    return home;
  }

  /** The folder of this machine that jobs are sent from. */
  Path folder() {
    return folder;
  }

  /** Of a client. */
  Configuration configuration() {
    Configuration conf = new YarnConfiguration();
    for (String file : MiniHadoop.CLIENT_FILES) {
      conf.addResource(new org.apache.hadoop.fs.Path(clientFolder().resolve(file).toUri()));
    }
    return conf;
  }

  private Path clientFolder() {
    return folder.resolve(MiniHadoop.CLIENT_FOLDER);
  }

  /** Sends a job to its end. */
  Ended run(String deployMode, List<String> job, String... options) throws Exception {
    try (ConveneProcess process = start(deployMode, job, options)) {
      return process.end();
    }
  }

  /** Sends a job. */
  ConveneProcess start(String deployMode, List<String> job, String... options) throws IOException {
    return start(clientFolder(), deployMode, job, options);
  }

  /** Sends a job to a cluster one of whose services is down: nothing listens where it should be. */
  Ended runWithout(String addressKey, String deployMode, List<String> job) throws Exception {
    Configuration broken = configuration();
    String address = broken.get(addressKey);
    Path conf = Files.createDirectories(folder.resolve("without-" + addressKey));
    for (String file : MiniHadoop.CLIENT_FILES) {
      String text = Files.readString(clientFolder().resolve(file));
      assertThat(text).contains(address);
      Files.writeString(
          conf.resolve(file), text.replace(address, address.replaceFirst(":\\d+$", ":1")));
    }
    try (ConveneProcess process = start(conf, deployMode, job)) {
      return process.end();
    }
  }

  private ConveneProcess start(
      Path clientFolder, String deployMode, List<String> job, String... options)
      throws IOException {
    String quickStart = String.join(" ", JavaProcess.QUICK_START);
    List<String> all = new ArrayList<>(List.of("--master", "yarn", "--deploy-mode", deployMode));
    all.addAll(List.of("--driver-memory", "512m", "--executor-memory", "512m"));
    for (String property :
        List.of(
            "spark.driver.extraJavaOptions=" + quickStart,
            "spark.executor.extraJavaOptions=" + quickStart,
            "spark.executor.instances=1",
            "spark.executor.cores=2",
            // Else every job sends Spark's jars along.
            "spark.yarn.jars=local:" + sparkHome + "/jars/*",
            "spark.yarn.report.interval=200ms",
            "spark.yarn.scheduler.heartbeat.interval-ms=200",
            "spark.ui.enabled=false")) {
      all.addAll(List.of("--conf", property));
    }
    if (deployMode.equals("client")) {
      all.addAll(List.of("--conf", "spark.yarn.am.extraJavaOptions=" + quickStart));
    }
    all.addAll(List.of(options));
    Map<String, String> variables =
        Map.of(
            "SPARK_HOME", sparkHome.toString(),
            "SPARK_CONF_DIR", Checkout.root().resolve("conf").toString(),
            "HADOOP_CONF_DIR", clientFolder.toString());
    return ConveneProcess.start(folder, variables, job, all);
  }

  /** The JVMs in YARN's containers that run this class. */
  List<ProcessHandle> containers(String mainClass) {
    return jvms(daemons.toHandle(), mainClass).toList();
  }

  /** Those that a process has started, itself or by others, and that run this class. */
  static Stream<ProcessHandle> jvms(ProcessHandle ancestor, String mainClass) {
    return ancestor
        .descendants()
        .filter(process -> process.info().command().orElse("").endsWith("java"))
        .filter(process -> process.info().commandLine().orElse("").contains(mainClass));
  }

  /** Stops one of two. */
  void stopDataNode() throws Exception {
    order(MiniHadoop.STOP_DATA_NODE);
  }

  /** Starts the one that was stopped, if one is. */
  void startDataNode() throws Exception {
    order(MiniHadoop.START_DATA_NODE);
  }

  private void order(String line) throws Exception {
    Writer input = new OutputStreamWriter(daemons.getOutputStream(), StandardCharsets.UTF_8);
    input.write(line + "\n");
    input.flush();
    orders++;
    awaitLine(MiniHadoop.DONE + orders);
  }

  private void awaitLine(String line) throws IOException, InterruptedException {
    Path log = folder.resolve("hadoop.log");
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES_TO_START);
    while (Files.readString(log).lines().noneMatch(line::equals)) {
      assertThat(daemons.isAlive() && System.nanoTime() < deadline)
          .as("comes to %s:%n%s", line, Files.readString(log))
          .isTrue();
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  /** Leaves no process and no file behind. */
  @Override
  public void close() throws IOException, InterruptedException {
    List<ProcessHandle> containers = daemons.descendants().toList();
    daemons.getOutputStream().close();
    if (!daemons.waitFor(30, TimeUnit.SECONDS)) {
      daemons.destroyForcibly().waitFor();
    }
    containers.forEach(ProcessHandle::destroyForcibly);
    FileUtils.deleteDirectory(folder.toFile());
  }
}
