package dev.convene.jobs;

import dev.convene.ConveneException;
import dev.convene.config.Keys;
import dev.convene.config.Setting;
import dev.convene.config.Settings;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * What all executors reach: any file system but the driver's own disk, which only those of a local
 * master have, unless the user says that it is shared.
 *
 * @param master Spark's
 * @param sharedLocal whether paths of the local disk lead to the same files everywhere
 */
record SharedStorage(String master, boolean sharedLocal, Configuration hadoop) {

  static SharedStorage of(Settings settings, SparkSession spark) {
    SparkContext context = spark.sparkContext();
    return new SharedStorage(
        context.master(), settings.value(Keys.STORAGE_SHARED_LOCAL), context.hadoopConfiguration());
  }

  /**
   * Whether all executors reach a path.
   *
   * @param setting that names it
   */
  boolean holds(Setting<?> setting, String path) throws IOException {
    boolean isLocalMaster = master.equals("local") || master.startsWith("local[");
    return isLocalMaster
        || sharedLocal
        || !StoragePath.of(setting.key(), path, hadoop).path().toUri().getScheme().equals("file");
  }

  /**
   * Refuses a path that executors would each look for on a disk of their own.
   *
   * @throws ConveneException of status USAGE
   */
  void require(Setting<?> setting, String path) throws IOException {
    if (!holds(setting, path)) {
      throw ConveneException.usage(
          "%s %s is on the driver's disk, which the executors of %s do not share: name a path they"
              + " all reach, or set storage.shared-local = true",
          setting, path, master);
    }
  }
}
