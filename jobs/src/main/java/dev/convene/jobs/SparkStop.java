package dev.convene.jobs;

import java.util.regex.Pattern;

/** Spark has stopped under a job, because its cluster ended the application. */
final class SparkStop {
  private static final Pattern MESSAGE =
      Pattern.compile("LiveListenerBus is stopped|stopped SparkContext|RpcEnv already stopped");

  private SparkStop() {}

  /** Whether that is why something was refused. */
  static boolean isIn(Throwable root) {
    return root instanceof IllegalStateException
        && MESSAGE.matcher(String.valueOf(root.getMessage())).find();
  }
}
