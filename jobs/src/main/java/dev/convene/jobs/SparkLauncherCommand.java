package dev.convene.jobs;

import dev.convene.ConveneException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The command that Spark's launcher makes of spark-submit's command line, as spark-class does. */
final class SparkLauncherCommand {
  private SparkLauncherCommand() {}

  /**
   * The words of the command.
   *
   * @param submit options, jar and the application's command line
   */
  static List<String> of(List<String> submit) throws IOException, InterruptedException {
    List<String> launcher =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                Path.of(System.getenv("SPARK_HOME"), "jars") + File.separator + "*",
                "org.apache.spark.launcher.Main",
                SubmitArguments.SPARK_SUBMIT));
    launcher.addAll(submit);
    Process process =
        new ProcessBuilder(launcher).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw ConveneException.usage("Spark's launcher does not start: see above");
    }
    // A NUL and a line end come first, after anything that the JVM itself says.
    return Arrays.asList(output.substring(output.indexOf("\0\n") + 2).split("\0"));
  }
}
