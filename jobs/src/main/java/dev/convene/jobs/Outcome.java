package dev.convene.jobs;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.FailureOrigin;
import dev.convene.FileDamage;
import dev.convene.SparkError;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
  /** As Hadoop's NetUtils words it. */
  private static final Pattern CALL = Pattern.compile(" to (\\S+:\\d+) failed on ");

  static final Outcome DONE = new Outcome(ExitStatus.DONE, "done", null);

  /** Spark wraps a task's failure, so the whole chain of causes counts. */
  static Outcome of(Throwable failure) {
    List<Throwable> chain = ExceptionUtils.getThrowableList(failure);
    Throwable root = FailureOrigin.root(failure);
    for (Throwable link : chain) {
      if (link instanceof ConveneException known) {
        return new Outcome(known.status(), known.getMessage(), failure);
      }
    }
    if (SparkStop.isIn(root)) {
      return new Outcome(
          ExitStatus.UNAVAILABLE,
          "Spark has stopped under the job, as it does when its master or YARN ends it; a retry may"
              + " help",
          failure);
    }
    Optional<ConveneException> seen = SparkMistake.in(root).or(() -> FullDisk.in(chain));
    if (seen.isPresent()) {
      return new Outcome(seen.get().status(), seen.get().getMessage(), failure);
    }
    if (chain.stream().noneMatch(Outcome::comesFromBelow) || isDefectOfOurs(root)) {
      return new Outcome(
          ExitStatus.BUG,
          "this is a bug of Convene, please report it: " + described(root),
          failure);
    }
    return refusal(failure, chain)
        .map(status -> new Outcome(status, "Spark refuses the data: " + described(root), failure))
        .orElseGet(
            () ->
                new Outcome(
                    ExitStatus.UNAVAILABLE,
                    "Spark, storage or the network failed: "
                        + described(root)
                        + place(chain)
                        + "; a retry may help",
                    failure));
  }

  /** The status of a failure that a retry would repeat. */
  private static Optional<ExitStatus> refusal(Throwable failure, List<Throwable> chain) {
    boolean isDamage = FileDamage.isCauseOf(failure);
    Optional<SparkError> error = SparkError.in(failure);
    if (error.isPresent() && (isDamage || error.get().file().isEmpty())) {
      return Optional.of(error.get().meaning().status());
    }
    return isDamage || chain.stream().anyMatch(AnalysisException.class::isInstance)
        ? Optional.of(ExitStatus.DATA)
        : Optional.empty();
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

  private static boolean isDefectOfOurs(Throwable root) {
    return root instanceof RuntimeException && FailureOrigin.isConvene(root);
  }

  private static String described(Throwable root) {
    String type = root.getClass().getSimpleName();
    return root.getMessage() == null ? type : type + ": " + SparkError.reason(root);
  }

  /** Whom a call of Hadoop's did not reach: its root does not say. */
  private static String place(List<Throwable> chain) {
    return chain.stream()
        .map(link -> CALL.matcher(String.valueOf(link.getMessage())))
        .filter(Matcher::find)
        .findFirst()
        .map(call -> " (" + call.group(1) + ")")
        .orElse("");
  }
}
