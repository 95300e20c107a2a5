package dev.convene.blas;

import dev.convene.ConveneException;
import dev.ludovic.netlib.blas.BLAS;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** A JVM of its own that loads BLAS and prints what it got: a JVM loads it once. */
final class BlasProbe {
  private BlasProbe() {}

  /** Arguments: {@code load|second|after-mllib|spark|spark-after-mllib LIBRARY CORE-TYPE}. */
  public static void main(String[] arguments) {
    BlasChoice choice = new BlasChoice(arguments[1], arguments[2]);
    try {
      switch (arguments[0]) {
        case "load" -> print(NativeBlas.load(choice));
        case "second" -> {
          NativeBlas.load(new BlasChoice("java", "auto"));
          print(NativeBlas.load(choice));
        }
        case "after-mllib" -> {
          BLAS.getInstance();
          print(NativeBlas.load(choice));
          System.out.println("MLlib's: " + BLAS.getInstance().getClass().getSimpleName());
        }
        case "spark" -> runSpark(choice);
        case "spark-after-mllib" -> runSparkWithoutPlugin(choice);
        default -> throw new IllegalArgumentException(arguments[0]);
      }
    } catch (ConveneException refused) {
      System.out.println("refused: " + refused.getMessage());
    }
  }

  private static void print(LoadedBlas loaded) {
    System.out.println("loaded: " + loaded.describe());
    Sgemm.check(loaded.blas());
    System.out.println("sgemm: " + loaded.blas().getClass().getSimpleName());
  }

  /** A task asks for another library than the plugin has loaded before it. */
  private static void runSpark(BlasChoice choice) {
    SparkConf conf = conf(choice).set("spark.plugins", BlasPlugin.class.getName());
    printBlasOfTasks(conf, () -> NativeBlas.load(new BlasChoice("java", "auto")));
  }

  /** As in a shell in which a stage of MLlib has run before anything of Convene. */
  private static void runSparkWithoutPlugin(BlasChoice choice) {
    printBlasOfTasks(
        conf(choice),
        () -> {
          BLAS.getInstance();
          return NativeBlas.load();
        });
  }

  private interface Loading extends Serializable {
    LoadedBlas load();
  }

  private static SparkConf conf(BlasChoice choice) {
    return new SparkConf()
        .setMaster("local[2]")
        .setAppName("blas-probe")
        .set("spark.ui.enabled", "false")
        .set("spark.driver.bindAddress", "127.0.0.1")
        .set("spark.driver.host", "127.0.0.1")
        .set(BlasChoice.LIBRARY_KEY, choice.library())
        .set(BlasChoice.CORE_TYPE_KEY, choice.coreType());
  }

  private static void printBlasOfTasks(SparkConf conf, Loading loading) {
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      spark
          .parallelize(List.of(1, 2, 3, 4), 4)
          .map(
              i -> {
                LoadedBlas loaded = loading.load();
                Sgemm.check(loaded.blas());
                return loaded.describe();
              })
          .distinct()
          .collect()
          .forEach(task -> System.out.println("task: " + task));
    }
  }
}
