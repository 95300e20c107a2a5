package dev.convene.jobs;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.FailureOrigin;
import dev.convene.SparkError;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkException;

/** Why Spark does not start: its settings are wrong, or what it starts on is not there. */
final class SparkStart {
  private SparkStart() {}

  /** The failure to report for what Spark threw while a session was opened. */
  static RuntimeException failure(Exception failure, SparkConf conf) {
    Throwable root = FailureOrigin.root(failure);
    String master = conf.get("spark.master", "");
    if (isOutage(failure, root)) {
      return new ConveneException(
          ExitStatus.UNAVAILABLE,
          "Spark does not start on %s: %s; a retry may help"
              .formatted(master, SparkError.reason(root)),
          failure);
    }
    if (root instanceof SparkException || root instanceof IllegalArgumentException) {
      return new ConveneException(
          ExitStatus.USAGE,
          "Spark does not start with these settings: " + SparkError.reason(root),
          failure);
    }
    return failure instanceof RuntimeException unchecked
        ? unchecked
        : new IllegalStateException(failure);
  }

  /** Whether something could not be reached, or the cluster ended the application meanwhile. */
  private static boolean isOutage(Exception failure, Throwable root) {
    String message = String.valueOf(root.getMessage());
    return ExceptionUtils.getThrowableList(failure).stream()
            .anyMatch(link -> link instanceof IOException || link instanceof TimeoutException)
        || SparkStop.isIn(root)
        || message.startsWith("Yarn application has already ended")
        || message.startsWith("Exiting due to error from cluster scheduler");
  }
}
