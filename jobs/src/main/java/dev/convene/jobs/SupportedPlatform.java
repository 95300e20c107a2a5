package dev.convene.jobs;

import dev.convene.ConveneException;
import org.apache.spark.package$;

/** Refuses a Spark or a Java that Convene is not built for. */
final class SupportedPlatform {
  private SupportedPlatform() {}

  static void require() {
    require(
        package$.MODULE$.SPARK_VERSION(),
        scala.util.Properties.versionNumberString(),
        Runtime.version().feature());
  }

  static void require(String spark, String scala, int java) {
    if (!spark.startsWith("3.5.")) {
      throw ConveneException.usage(
          "this is Spark %s, but Convene needs Spark 3.5: point SPARK_HOME to one", spark);
    }
    if (!scala.startsWith("2.12.")) {
      throw ConveneException.usage(
          "this Spark is built with Scala %s, but Convene needs Scala 2.12: point SPARK_HOME to"
              + " such a Spark",
          scala);
    }
    if (java < 17 || java > 22) {
      throw ConveneException.usage(
          "this is Java %d, but Convene on Spark 3.5 needs Java 17 to 22: point JAVA_HOME to one",
          java);
    }
  }
}
