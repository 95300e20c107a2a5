package dev.convene.jobs;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;

/** The storage's configuration where no session has begun. */
final class HadoopSettings {
  private HadoopSettings() {}

  static Configuration of(SparkConf spark) {
    Configuration hadoop = new Configuration();
    for (var entry : spark.getAllWithPrefix("spark.hadoop.")) {
      hadoop.set(entry._1(), entry._2());
    }
    return hadoop;
  }
}
