package dev.convene.jobs;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;

/**
 * How a job ended.
 *
 * @param message one sentence for the user
 * @param failure the exception or error; null if the job is done
 */
record Outcome(ExitStatus status, String message, Throwable failure) {
  static final Outcome DONE = new Outcome(ExitStatus.DONE, "done", null);

  /** Spark wraps a task's failure, so the whole chain of causes counts. */
  static Outcome of(Throwable failure) {
    List<Throwable> chain = ExceptionUtils.getThrowableList(failure);
    Throwable root = chain.get(chain.size() - 1);
    for (Throwable link : chain) {
      if (link instanceof ConveneException known) {
        return new Outcome(known.status(), known.getMessage(), failure);
      }
    }
    if (chain.stream().anyMatch(AnalysisException.class::isInstance)) {
      return new Outcome(ExitStatus.DATA, "Spark refuses the data: " + described(root), failure);
    }
    if (chain.stream().anyMatch(Outcome::comesFromBelow) && !isDefectOfOurs(root)) {
      return new Outcome(
          ExitStatus.UNAVAILABLE,
          "Spark, storage or the network failed: " + described(root) + "; a retry may help",
          failure);
    }
    return new Outcome(
        ExitStatus.BUG, "this is a bug of Convene, please report it: " + described(root), failure);
  }

  /** Prints a failure. Only a bug shows its stack trace unasked. */
  void report(PrintStream err, boolean stacktrace) {
    err.println("convene: " + message);
    if (stacktrace || status == ExitStatus.BUG) {
      failure.printStackTrace(err);
    }
  }

  private static boolean comesFromBelow(Throwable link) {
    return link instanceof SparkThrowable
        || link instanceof IOException
        || link instanceof TimeoutException
        || link instanceof OutOfMemoryError;
  }

  /** Whether our code made the mistake, say by an index, possibly inside a task. */
  private static boolean isDefectOfOurs(Throwable root) {
    if (!(root instanceof RuntimeException)) {
      return false;
    }
    for (StackTraceElement frame : root.getStackTrace()) {
      String className = frame.getClassName();
      if (!className.startsWith("java.") && !className.startsWith("jdk.")) {
        return className.startsWith("dev.convene.");
      }
    }
    return false;
  }

  private static String described(Throwable root) {
    String type = root.getClass().getSimpleName();
    return root.getMessage() == null
        ? type
        : type + ": " + root.getMessage().lines().findFirst().orElse("");
  }
}
