package dev.convene.dl4j;

import dev.convene.blas.BlasPlugin;
import org.apache.spark.sql.SparkSession;

/** The one Spark session that all tests of a JVM share. */
final class LocalSpark {
  private LocalSpark() {}

  static synchronized SparkSession session() {
    return SparkSession.builder()
        .master("local[2]")
        .appName("convene-dl4j-tests")
        .config("spark.ui.enabled", false)
        .config("spark.plugins", BlasPlugin.class.getName())
        .config("spark.sql.shuffle.partitions", 2)
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate();
  }
}
