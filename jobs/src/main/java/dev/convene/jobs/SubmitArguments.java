package dev.convene.jobs;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkException;
import org.apache.spark.SparkUserAppException;
import org.apache.spark.deploy.SparkSubmitArguments;
import org.apache.spark.launcher.JavaModuleOptions;
import scala.collection.JavaConverters;

/** What spark-submit makes of its command line, its properties file and its environment. */
final class SubmitArguments {
  /** The class that the launcher starts. */
  static final String SPARK_SUBMIT = "org.apache.spark.deploy.SparkSubmit";

  private final SparkSubmitArguments parsed;

  private SubmitArguments(SparkSubmitArguments parsed) {
    this.parsed = parsed;
  }

  /**
   * Has Spark read them.
   *
   * @param words the options, the application's jar and its command line
   * @throws ConveneException of status USAGE if Spark refuses them
   */
  static SubmitArguments of(List<String> words) {
    try {
      return new SubmitArguments(
          new SparkSubmitArguments(
              JavaConverters.asScalaBuffer(words).toSeq(), scala.sys.package$.MODULE$.env()));
    } catch (Exception e) {
      // Scala declares no exceptions: those for wrong options are among them.
      if (e instanceof SparkException || e instanceof SparkUserAppException) {
        throw new ConveneException(
            ExitStatus.USAGE, "spark-submit does not take these options: " + e.getMessage(), e);
      }
      throw e;
    }
  }

  boolean isClusterMode() {
    return "cluster".equals(parsed.deployMode());
  }

  boolean isStandalone() {
    return parsed.master().startsWith("spark://");
  }

  boolean isYarn() {
    return parsed.master().equals("yarn");
  }

  /**
   * Checks that this Spark has the classes for the cluster. Spark itself refuses with a stack
   * trace.
   *
   * @throws ConveneException of status USAGE if it has not
   */
  void requireKnownCluster() {
    if (isYarn()) {
      requireClass("YARN", "org.apache.spark.deploy.yarn.YarnClusterApplication");
    }
    if (parsed.master().startsWith("k8s://")) {
      requireClass("Kubernetes", "org.apache.spark.deploy.k8s.submit.KubernetesClientApplication");
    }
  }

  private static void requireClass(String cluster, String name) {
    ClassLoader classes = SubmitArguments.class.getClassLoader();
    if (classes.getResource(name.replace('.', '/') + ".class") == null) {
      throw ConveneException.usage(
          "this Spark has no %s: point SPARK_HOME to a distribution of Spark 3.5 whose jars/ has it",
          cluster);
    }
  }

  String master() {
    return parsed.master();
  }

  /** The application's own command line. */
  List<String> commandLine() {
    return JavaConverters.seqAsJavaList(parsed.childArgs());
  }

  /** Whether an option or the properties file sets it. */
  boolean isSet(String property) {
    return parsed.sparkProperties().contains(property);
  }

  /** Comma-separated; empty if there are none. */
  String files() {
    return Optional.ofNullable(parsed.files()).orElse("");
  }

  /**
   * The driver's Java options, with those that Spark needs on JDK 17: a standalone cluster starts
   * drivers without them, and without spark.driver.defaultJavaOptions.
   */
  String driverJavaOptions() {
    SparkConf spark = properties();
    return "%s %s %s"
        .formatted(
            JavaModuleOptions.defaultModuleOptions(),
            spark.get("spark.driver.defaultJavaOptions", ""),
            Optional.ofNullable(parsed.driverExtraJavaOptions()).orElse(""))
        .strip();
  }

  /** The storage as Spark's properties configure it. */
  Configuration hadoop() {
    return HadoopSettings.of(properties());
  }

  private SparkConf properties() {
    SparkConf spark = new SparkConf(false);
    JavaConverters.mapAsJavaMap(parsed.sparkProperties()).forEach(spark::set);
    return spark;
  }
}
