package dev.convene.train;

import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;

/** The tasks that Spark can run side by side. */
public final class TaskSlots {
  private static final long PATIENCE_SECONDS = 60;

  private TaskSlots() {}

  /** The slots there are now. */
  public static int count(SparkContext spark) {
    int cpusPerTask = spark.getConf().getInt("spark.task.cpus", 1);
    var executors = spark.statusStore().executorList(true);
    int slots = 0;
    for (int i = 0; i < executors.size(); i++) {
      slots += executors.apply(i).totalCores() / cpusPerTask;
    }
    return Math.max(1, slots);
  }

  /**
   * Waits until there is a slot for every worker, or for a minute: shards are cached where they are
   * first made, and would stay on the executor that came first.
   */
  public static void await(SparkContext spark, int workers, TrainingListener listener) {
    if (spark.isLocal()) {
      return;
    }
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (count(spark) < workers) {
      if (System.nanoTime() > deadline) {
        listener.warn(
            "%s of %s task slots came within %s s: workers take turns"
                .formatted(count(spark), workers, PATIENCE_SECONDS));
        return;
      }
      try {
        TimeUnit.MILLISECONDS.sleep(100);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
