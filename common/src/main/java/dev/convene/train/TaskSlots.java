package dev.convene.train;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import java.math.BigDecimal;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.status.api.v1.ExecutorSummary;
import scala.collection.JavaConverters;

/** The tasks that Spark can run side by side. */
public final class TaskSlots {
  private static final long PATIENCE_SECONDS = 60;
  private static final long QUIET_SECONDS = 3;
  private static final long REPORT_SECONDS = 5;

  private TaskSlots() {}

  /**
   * Waits until a task has run, so that no job waits without a word for executors that never come.
   * Running one is also how dynamic allocation gets to ask for an executor.
   *
   * @param patience seconds to wait for an executor that can run a task
   * @param report takes a line after a few seconds
   * @throws ConveneException of status UNAVAILABLE if none comes, USAGE if those that come have too
   *     few cores for a task
   */
  public static void awaitFirst(SparkContext spark, double patience, Consumer<String> report) {
    if (spark.isLocal()) {
      return;
    }
    JavaFutureAction<Long> task =
        JavaSparkContext.fromSparkContext(spark).parallelize(List.of(1), 1).countAsync();
    long begin = System.nanoTime();
    boolean isReported = false;
    try {
      while (!isDone(task)) {
        double waited = (System.nanoTime() - begin) / 1e9;
        if (count(spark) > 0) {
          // Spark itself waits for more, as spark.scheduler.maxRegisteredResourcesWaitingTime says.
          begin = System.nanoTime();
        } else if (waited > QUIET_SECONDS && haveTooFewCores(spark)) {
          throw ConveneException.usage(
              "spark.task.cpus = %s, but no executor of %s has more than %s core(s): no task can"
                  + " run; lower it or give executors more cores (spark.executor.cores)",
              cpusPerTask(spark), spark.master(), mostCores(spark));
        } else if (waited > patience) {
          throw new ConveneException(
              ExitStatus.UNAVAILABLE,
              "no executor with %s came from %s within %s s: it has no worker with that much free;"
                      .formatted(wanted(spark), spark.master(), plain(patience))
                  + " a retry may help, or ask for less");
        } else if (waited > REPORT_SECONDS && !isReported) {
          isReported = true;
          report.accept(
              "waiting for an executor with %s from %s, %s s at most"
                  .formatted(wanted(spark), spark.master(), plain(patience)));
        }
      }
    } finally {
      task.cancel(true);
    }
  }

  private static boolean haveTooFewCores(SparkContext spark) {
    int cores = mostCores(spark);
    return cores > 0 && cores < cpusPerTask(spark);
  }

  /** Whether the task has run; waits a moment for it. */
  private static boolean isDone(JavaFutureAction<Long> task) {
    try {
      task.get(100, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException notYet) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    } catch (ExecutionException e) {
      throw new IllegalStateException("the first task failed", e.getCause());
    }
  }

  private static String wanted(SparkContext spark) {
    SparkConf conf = spark.getConf();
    return "%s memory and %s core(s)"
        .formatted(
            conf.get("spark.executor.memory", "1g"),
            conf.get("spark.executor.cores", String.valueOf(cpusPerTask(spark))));
  }

  private static String plain(double seconds) {
    return BigDecimal.valueOf(seconds).stripTrailingZeros().toPlainString();
  }

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
   * Waits until there is a slot for every worker that can have one, a minute at most: shards are
   * cached where they are first made, and would stay on the executor that came first.
   */
  public static void await(SparkContext spark, int workers, TrainingListener listener) {
    if (spark.isLocal()) {
      return;
    }
    int attainable = Math.min(workers, attainable(spark));
    if (!awaitTrue(() -> count(spark) >= attainable)) {
      listener.warn(
          "%s of %s task slots came within %s s: workers take turns"
              .formatted(count(spark), attainable, PATIENCE_SECONDS));
    } else if (attainable < workers) {
      listener.warn(
          "%s workers have %s task slots, all that Spark's settings allow: workers take turns"
              .formatted(workers, Math.max(attainable, count(spark))));
    }
  }

  /** The most slots that are worth waiting for. */
  private static int attainable(SparkContext spark) {
    SparkConf conf = spark.getConf();
    if (conf.getBoolean("spark.dynamicAllocation.enabled", false)) {
      // More come only while tasks wait, and none waits now.
      return count(spark);
    }
    int cpus = cpusPerTask(spark);
    if (spark.master().startsWith("spark://")) {
      int cores = conf.getInt("spark.cores.max", Integer.MAX_VALUE);
      int perExecutor = Math.min(cores, conf.getInt("spark.executor.cores", cores));
      return cores / perExecutor * (perExecutor / cpus);
    }
    if (spark.master().equals("yarn") || spark.master().startsWith("k8s://")) {
      return conf.getInt("spark.executor.instances", 2)
          * (conf.getInt("spark.executor.cores", 1) / cpus);
    }
    return Integer.MAX_VALUE;
  }

  private static int count(SparkContext spark) {
    int cpusPerTask = cpusPerTask(spark);
    return cores(spark).map(cores -> cores / cpusPerTask).sum();
  }

  private static int cpusPerTask(SparkContext spark) {
    return spark.getConf().getInt("spark.task.cpus", 1);
  }

  private static int mostCores(SparkContext spark) {
    return cores(spark).max().orElse(0);
  }

  /** Of each executor; the driver of a cluster has none. */
  private static IntStream cores(SparkContext spark) {
    return JavaConverters.seqAsJavaList(spark.statusStore().executorList(true)).stream()
        .mapToInt(ExecutorSummary::totalCores);
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
