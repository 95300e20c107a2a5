package dev.convene.jobs;

import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/**
 * A job's Spark session. What the user configured stands; a session that was there before the job
 * is used as it is and outlives it.
 */
final class Session implements AutoCloseable {
  private final SparkSession spark;
  private final boolean isOurs;

  private Session(SparkSession spark, boolean isOurs) {
    this.spark = spark;
    this.isOurs = isOurs;
  }

  static Session open(String appName) {
    if (SparkSession.getDefaultSession().isDefined()) {
      return new Session(SparkSession.active(), false);
    }
    return new Session(
        SparkSession.builder().config(withDefaults(new SparkConf(), appName)).getOrCreate(), true);
  }

  /** Adds what the user left open. The master is always the user's. */
  static SparkConf withDefaults(SparkConf conf, String appName) {
    // spark-submit fills in the main class where the user gives no name.
    if (conf.get("spark.app.name", Main.class.getName()).equals(Main.class.getName())) {
      conf.setAppName(appName);
    }
    // Shards stay where they are first cached, so every executor has to be there by then.
    conf.setIfMissing("spark.scheduler.minRegisteredResourcesRatio", "1.0");
    // Spark's bar of tasks would overwrite our lines.
    conf.setIfMissing("spark.ui.showConsoleProgress", "false");
    return conf;
  }

  SparkSession spark() {
    return spark;
  }

  @Override
  public void close() {
    if (isOurs) {
      spark.stop();
    }
  }
}
