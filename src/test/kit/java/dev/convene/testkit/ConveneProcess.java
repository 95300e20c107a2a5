package dev.convene.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * {@code submit/convene} as users call it; closing ends it.
 *
 * @param stdout the file that holds what it has printed so far
 */
public record ConveneProcess(Process process, Path stdout, Path stderr) implements AutoCloseable {
  private static final long MINUTES_TO_END = 10;

  /** How a call ended. */
  public record Ended(int status, String stdout, String stderr) {
    public String lastLine() {
      return stdout.lines().reduce("", (before, line) -> line);
    }
  }

  /**
   * Starts it, for a quick end rather than a quick program.
   *
   * @param folder the caller's working directory; what it prints is kept there, too, and what it
   *     leaves behind if it is killed
   * @param variables of its environment, beside this process's but those of Spark and of BLAS
   * @param job the job and its arguments
   * @param options of spark-submit
   */
  public static ConveneProcess start(
      Path folder, Map<String, String> variables, List<String> job, List<String> options)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Checkout.root().resolve("submit/convene").toString());
    command.addAll(job);
    command.add("--");
    command.addAll(options);
    Path stdout = Files.createTempFile(folder, "run", ".stdout");
    Path stderr = Files.createTempFile(folder, "run", ".stderr");
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(variable -> variable.startsWith("SPARK_"));
    // Else a driver takes it that runs on the caller's machine, and no other process of a cluster.
    environment.remove("OPENBLAS_CORETYPE");
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("SPARK_LOCAL_IP", "127.0.0.1");
    environment.put(
        "SPARK_SUBMIT_OPTS",
        String.join(" ", JavaProcess.QUICK_START) + " -Djava.io.tmpdir=" + folder);
    environment.putAll(variables);
    Process process =
        builder.redirectOutput(stdout.toFile()).redirectError(stderr.toFile()).start();
    return new ConveneProcess(process, stdout, stderr);
  }

  /** Waits until it has printed a line that begins so, on either stream. */
  public void awaitLine(String start) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES_TO_END);
    while (Stream.concat(lines(stdout), lines(stderr)).noneMatch(line -> line.startsWith(start))) {
      assertThat(process.isAlive() && System.nanoTime() < deadline)
          .as("comes to %s:%n%s", start, Files.readString(stderr))
          .isTrue();
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private static Stream<String> lines(Path file) throws IOException {
    return Files.readString(file).lines();
  }

  /** Waits for its end. */
  public Ended end() throws IOException, InterruptedException {
    boolean ended = process.waitFor(MINUTES_TO_END, TimeUnit.MINUTES);
    String messages = Files.readString(stderr);
    assertThat(ended).as("ends:%n%s", messages).isTrue();
    return new Ended(process.exitValue(), Files.readString(stdout), messages);
  }

  /** Ends it and all that it has started. */
  @Override
  public void close() {
    Stream.concat(process.descendants(), Stream.of(process.toHandle()))
        .toList()
        .forEach(ProcessHandle::destroyForcibly);
  }
}
