package dev.convene.testkit;

import dev.convene.blas.BlasPlugin;
import org.apache.spark.sql.SparkSession;

/** Spark sessions on this machine, without UI and without a network. */
public final class LocalSpark {
  private LocalSpark() {}

  /** The one session that all tests of a JVM share: two cores, started at the first call. */
  public static synchronized SparkSession session() {
    return builder("local[2]")
        // Before MLlib loads a BLAS of its own choice.
        .config("spark.plugins", BlasPlugin.class.getName())
        .config("spark.sql.shuffle.partitions", 2)
        // Many tests run the same plans again: Spark's 100 are those of one or two jobs.
        .config("spark.sql.codegen.cache.maxEntries", 5000)
        .getOrCreate();
  }

  /** What begins a session in a JVM of its own that is not the shared one. */
  public static SparkSession.Builder builder(String master) {
    return SparkSession.builder()
        .master(master)
        .appName("convene-tests")
        .config("spark.ui.enabled", false)
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1");
  }
}
