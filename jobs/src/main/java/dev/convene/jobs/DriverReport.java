package dev.convene.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Optional;
import org.apache.spark.SparkConf;

/**
 * How a job ended, as its driver in cluster deploy mode reports it to the launcher.
 *
 * @param status the exit status
 * @param text the job's last lines on standard output if it is done, else the message
 */
record DriverReport(int status, String text) {
  static DriverReport of(Outcome outcome, String result) {
    return new DriverReport(
        outcome.status().code(), outcome.failure() == null ? result : outcome.message());
  }

  /** Reports to the launcher that waits; nothing if none does. */
  void send(SparkConf spark) {
    Optional<String> address = Optional.ofNullable(spark.get(ReportAddress.KEY, null));
    if (address.isPresent()) {
      try {
        ReportAddress.parse(address.get()).send(Json.write(this), HadoopSettings.of(spark));
      } catch (IOException | IllegalArgumentException e) {
        // The job's own outcome matters more.
        System.err.println("convene: the launcher could not be reached: " + e.getMessage());
      }
    }
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if it is none
   */
  static DriverReport read(String json) {
    JsonNode report = Json.read(json);
    if (!report.path("status").isInt() || !report.path("text").isTextual()) {
      throw new IllegalArgumentException("not a report: " + json);
    }
    return new DriverReport(report.get("status").intValue(), report.get("text").textValue());
  }
}
