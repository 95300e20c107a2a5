package dev.convene.jobs;

import dev.convene.ConveneException;
import dev.convene.blas.BlasChoice;
import dev.convene.blas.BlasPlugin;
import dev.convene.config.Keys;
import dev.convene.config.Settings;
import dev.convene.train.TaskSlots;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/**
 * A job's Spark session. The user's configuration stands; a session that was there before the job
 * is used as it is and outlives it.
 */
final class Session implements AutoCloseable {
  /** A name, as spark-submit has it: the session knows nothing of the application above it. */
  private static final String MAIN_CLASS = Session.class.getPackageName() + ".Main";

  private static final String PLUGINS = "spark.plugins";
  private static final String BLAS_PLUGIN = BlasPlugin.class.getName();

  /** As org.apache.spark.SparkMasterRegex has them. */
  private static final Pattern LOCAL_MASTER =
      Pattern.compile("local|local\\[([0-9]+|\\*)(\\s*,\\s*[0-9]+)?]|local-cluster\\[[0-9\\s,]+]");

  private final SparkSession spark;
  private final boolean isOurs;

  private Session(SparkSession spark, boolean isOurs) {
    this.spark = spark;
    this.isOurs = isOurs;
  }

  static Session open(String appName, Settings settings) {
    if (SparkSession.getDefaultSession().isDefined()) {
      return new Session(SparkSession.active(), false);
    }
    SparkConf conf = configured(settings, appName);
    String master = conf.get("spark.master", "");
    if (master.startsWith("local") && !LOCAL_MASTER.matcher(master).matches()) {
      // Spark's own refusal comes with a stack trace.
      throw ConveneException.usage(
          "there is no master %s: local masters are local, local[N], local[*] and local[N,FAILURES]",
          master);
    }
    if (master.startsWith("spark")) {
      StandaloneMasters.requireReachable(master);
    }
    if (!LOCAL_MASTER.matcher(master).matches()) {
      NameNodes.requireReachable(HadoopSettings.of(conf));
    }
    if (master.equals("yarn") && conf.get("spark.submit.deployMode", "client").equals("client")) {
      ResourceManagers.requireReachable(HadoopSettings.of(conf));
    }
    Session session = new Session(start(conf), true);
    session.awaitExecutor(settings.value(Keys.CLUSTER_EXECUTOR_TIMEOUT));
    return session;
  }

  private static SparkSession start(SparkConf conf) {
    try {
      return SparkSession.builder().config(conf).getOrCreate();
    } catch (Exception e) {
      // Scala declares no exceptions.
      throw SparkStart.failure(e, conf);
    }
  }

  private void awaitExecutor(double seconds) {
    try {
      TaskSlots.awaitFirst(spark.sparkContext(), seconds, System.err::println);
    } catch (ConveneException e) {
      close();
      throw e;
    }
  }

  private static SparkConf configured(Settings settings, String appName) {
    return withDefaults(new SparkConf(), appName)
        .set(BlasChoice.LIBRARY_KEY, settings.value(Keys.BLAS_LIBRARY))
        .set(BlasChoice.CORE_TYPE_KEY, settings.value(Keys.BLAS_CORE_TYPE));
  }

  /** Adds the settings that the user left open. The master is always the user's. */
  static SparkConf withDefaults(SparkConf conf, String appName) {
    // spark-submit fills in the main class where the user gives no name.
    if (conf.get("spark.app.name", MAIN_CLASS).equals(MAIN_CLASS)) {
      conf.setAppName(appName);
    }
    // Shards stay where they are first cached, so every executor has to be there by then.
    conf.setIfMissing("spark.scheduler.minRegisteredResourcesRatio", "1.0");
    // Else a worker's state above a megabyte is fetched from its executor, which takes a round's
    // time.
    conf.setIfMissing("spark.task.maxDirectResultSize", "64m");
    // Spark's bar of tasks would overwrite our lines.
    conf.setIfMissing("spark.ui.showConsoleProgress", "false");
    if (conf.get("spark.master", "").startsWith("local")) {
      // The executor is this process: an error in a task, which a damaged file may cause, must not
      // end it before the job has reported it.
      conf.setIfMissing("spark.executor.killOnFatalError.depth", "0");
    }
    RunId.current().ifPresent(id -> conf.setIfMissing("spark.executorEnv." + RunId.VARIABLE, id));
    String plugins = conf.get(PLUGINS, "");
    conf.set(PLUGINS, plugins.isEmpty() ? BLAS_PLUGIN : plugins + "," + BLAS_PLUGIN);
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
