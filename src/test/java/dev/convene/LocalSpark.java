package dev.convene;

import dev.convene.blas.BlasPlugin;
import org.apache.spark.sql.SparkSession;

/** The one Spark session that all tests of a JVM share. */
public final class LocalSpark {
  private LocalSpark() {}

  /** A {@code local[2]} session without UI, started at the first call. */
  public static synchronized SparkSession session() {
    return SparkSession.builder()
        .master("local[2]")
        .appName("convene-tests")
        .config("spark.ui.enabled", false)
        // Before MLlib loads a BLAS of its own choice.
        .config("spark.plugins", BlasPlugin.class.getName())
        .config("spark.sql.shuffle.partitions", 2)
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate();
  }
}
