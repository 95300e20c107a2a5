package dev.convene;

import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import org.apache.spark.SparkException;

/** Distinguishes failures that a retry may help from those of damaged files. */
public final class TransientFailure {
  private TransientFailure() {}

  /** Whether storage could not be reached, or tasks were lost. */
  public static boolean isCauseOf(Throwable failure) {
    Throwable root = FailureOrigin.root(failure);
    return root instanceof SocketException
        || root instanceof UnknownHostException
        || root instanceof InterruptedIOException
        || root instanceof InterruptedException
        || (root instanceof SparkException && SparkError.in(root).isEmpty());
  }
}
