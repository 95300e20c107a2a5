package dev.convene.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A JVM of its own, with the class path of this one, for what cannot run in the session that the
 * tests share.
 *
 * @param main whose {@code main} it runs
 * @param arguments of {@code main}
 * @param jvmOptions beside those that Spark needs and those for a quick start, and stronger
 * @param environment changes the environment, which is this process's to begin with
 */
public record JavaProcess(
    Class<?> main,
    List<String> arguments,
    List<String> jvmOptions,
    Consumer<Map<String, String>> environment) {
  /** For a JVM that lives for seconds: it compiles once, and one thread collects its garbage. */
  public static final List<String> QUICK_START =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private static final long MINUTES_TO_END = 15;

  public static JavaProcess of(Class<?> main, String... arguments) {
    return new JavaProcess(main, List.of(arguments), List.of(), unchanged -> {});
  }

  public JavaProcess withJvmOptions(List<String> options) {
    return new JavaProcess(main, arguments, options, environment);
  }

  public JavaProcess withEnvironment(Consumer<Map<String, String>> changes) {
    return new JavaProcess(main, arguments, jvmOptions, changes);
  }

  /** Begins, and goes on beside this JVM. */
  public Running start() throws IOException {
    Path output = Files.createTempFile("java-process", ".log");
    ProcessBuilder builder = new ProcessBuilder(command());
    environment.accept(builder.environment());
    Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    process.getOutputStream().close();
    return new Running(process, output);
  }

  /** What it prints, when it has ended well. */
  public List<String> lines() throws IOException, InterruptedException {
    try (Running running = start()) {
      return running.lines();
    }
  }

  private List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // What Spark needs on JDK 17: this JVM was started with it too.
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens="))
        .forEach(command::add);
    Stream.of(
            QUICK_START,
            jvmOptions,
            List.of("-Xmx1g", "-cp", System.getProperty("java.class.path"), main.getName()),
            arguments)
        .forEach(command::addAll);
    return command;
  }

  /** A process that was started; closing ends it. */
  public record Running(Process process, Path output) implements AutoCloseable {

    /** What it prints, standard error included, when it has ended well. */
    public List<String> lines() throws IOException, InterruptedException {
      boolean ended = process.waitFor(MINUTES_TO_END, TimeUnit.MINUTES);
      String text = Files.readString(output);
      assertThat(ended).as("ends within %d minutes:%n%s", MINUTES_TO_END, text).isTrue();
      assertThat(process.exitValue()).as("%s", text).isZero();
      return text.lines().toList();
    }

    @Override
    public void close() throws IOException {
      process.destroyForcibly();
      Files.delete(output);
    }
  }
}
