package dev.convene.train;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.spark.SparkContext;

/** The tasks that Spark can run side by side. */
public final class TaskSlots {
  private static final long PATIENCE_SECONDS = 60;
  private static final long QUIET_SECONDS = 3;

  private TaskSlots() {}

  /**
   * How many workers can train side by side, at least 1. A cluster's executors come one by one:
   * this waits until some are there and none has come for a while, a minute at most.
   */
  public static int settled(SparkContext spark) {
    if (!spark.isLocal()) {
      int[] seen = {0};
      long[] since = {System.nanoTime()};
      awaitTrue(
          () -> {
            int now = count(spark);
            if (now != seen[0]) {
              seen[0] = now;
              since[0] = System.nanoTime();
            }
            return now > 0
                && System.nanoTime() - since[0] > TimeUnit.SECONDS.toNanos(QUIET_SECONDS);
          });
    }
    return Math.max(1, count(spark));
  }

  /**
   * Waits until there is a slot for every worker, a minute at most: shards are cached where they
   * are first made, and would stay on the executor that came first.
   */
  public static void await(SparkContext spark, int workers, TrainingListener listener) {
    if (!spark.isLocal() && !awaitTrue(() -> count(spark) >= workers)) {
      listener.warn(
          "%s of %s task slots came within %s s: workers take turns"
              .formatted(count(spark), workers, PATIENCE_SECONDS));
    }
  }

  private static int count(SparkContext spark) {
    int cpusPerTask = spark.getConf().getInt("spark.task.cpus", 1);
    var executors = spark.statusStore().executorList(true);
    int slots = 0;
    for (int i = 0; i < executors.size(); i++) {
      slots += executors.apply(i).totalCores() / cpusPerTask;
    }
    return slots;
  }

  /** Whether the condition came true in time. */
  private static boolean awaitTrue(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      try {
        TimeUnit.MILLISECONDS.sleep(100);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }
}
