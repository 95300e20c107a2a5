package dev.convene.jobs;

import static dev.convene.config.Keys.OUTPUT_DIR;

import dev.convene.config.Settings;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;

/**
 * In cluster deploy mode the driver leaves its status beside the output, for who comes later than
 * the launcher ({@link DriverReport}): {@code <output.dir>.status.json} holds {@code
 * {"status":3,"message":"..."}}.
 */
final class StatusFile {
  private record Content(int status, String message) {}

  private StatusFile() {}

  static void write(Settings settings, Outcome outcome) {
    SparkConf spark = new SparkConf();
    if (spark.get("spark.submit.deployMode", "client").equals("cluster")) {
      settings.value(OUTPUT_DIR).ifPresent(dir -> write(dir, outcome, HadoopSettings.of(spark)));
    }
  }

  static Path beside(Path output) {
    return output.suffix(".status.json");
  }

  private static void write(String dir, Outcome outcome, Configuration hadoop) {
    Path file = beside(new Path(dir));
    String json = Json.write(new Content(outcome.status().code(), outcome.message()));
    try (OutputStream stream = file.getFileSystem(hadoop).create(file, true)) {
      stream.write(json.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // The job's own outcome matters more.
      System.err.println("convene: " + file + " could not be written: " + e.getMessage());
    }
  }
}
