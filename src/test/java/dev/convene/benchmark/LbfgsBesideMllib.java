package dev.convene.benchmark;

import static org.apache.spark.sql.functions.col;

import dev.convene.blas.BlasPlugin;
import dev.convene.blas.NativeBlas;
import dev.convene.data.DataReader;
import dev.convene.data.PackedFeatures;
import dev.convene.data.Sources;
import dev.convene.ml.NeuralNetworkClassificationModel;
import dev.convene.ml.NeuralNetworkClassifier;
import dev.convene.train.EpochRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.feature.StandardScaler;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/**
 * Seconds of {@code fit} to the same softmax loss on MNIST in local[2]: MLlib's LogisticRegression
 * without a penalty, and Convene's L-BFGS until its loss is as low, in turns, from the same cached
 * rows of pixels divided by their deviations.
 */
final class LbfgsBesideMllib {
  private LbfgsBesideMllib() {}

  /**
   * Measures and prints.
   *
   * @param arguments the number of rounds to measure, after one to warm up, and MLlib's iterations
   */
  public static void main(String[] arguments) {
    int rounds = Integer.parseInt(arguments[0]);
    int iterations = Integer.parseInt(arguments[1]);
    SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", false)
            .config("spark.plugins", BlasPlugin.class.getName())
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate();
    System.out.printf("BLAS: %s%n", NativeBlas.load().describe());
    Dataset<Row> rows = rows(spark).repartition(2).persist(StorageLevel.MEMORY_ONLY());
    rows.count();
    List<Double> theirs = new ArrayList<>();
    List<Double> ours = new ArrayList<>();
    int epochs = 0;
    for (int round = 0; round <= rounds; round++) {
      long start = System.nanoTime();
      LogisticRegressionModel mllib =
          new LogisticRegression()
              .setFamily("multinomial")
              .setStandardization(false)
              .setTol(0)
              .setMaxIter(iterations)
              .fit(rows);
      double seconds = (System.nanoTime() - start) / 1e9;
      double[] losses = mllib.summary().objectiveHistory();
      double loss = losses[losses.length - 1];
      // Its epochs are known from a longer fit before.
      epochs = round == 0 ? epochsTo(loss, fit(rows, 20 * iterations)) : epochs;
      start = System.nanoTime();
      epochsTo(loss, fit(rows, epochs));
      double found = (System.nanoTime() - start) / 1e9;
      System.out.printf(
          Locale.ROOT,
          "round %d: MLlib %.2f s, %d iterations to loss %.6f; Convene %.2f s, %d epochs%n",
          round,
          seconds,
          losses.length - 1,
          loss,
          found,
          epochs);
      if (round > 0) {
        theirs.add(seconds);
        ours.add(found);
      }
    }
    theirs.sort(null);
    ours.sort(null);
    System.out.printf(
        Locale.ROOT,
        "medians: MLlib %.2f s, Convene %.2f s, ratio %.2f%n",
        theirs.get(rounds / 2),
        ours.get(rounds / 2),
        theirs.get(rounds / 2) / ours.get(rounds / 2));
    spark.stop();
  }

  private static Dataset<Row> rows(SparkSession spark) {
    Path cache = Path.of(System.getProperty("user.home"), ".cache", "convene");
    Dataset<Row> pixels =
        PackedFeatures.unpack(
            new DataReader(spark, cache.toString())
                .read(Sources.of("idx", "mnist:train"), Sources.columns("label")));
    // MLlib does this by itself, whatever its standardization is set to.
    return new StandardScaler()
        .setInputCol("features")
        .setOutputCol("scaled")
        .fit(pixels)
        .transform(pixels)
        .select(col("scaled").as("features"), col("label").cast("double").as("label"));
  }

  private static NeuralNetworkClassificationModel fit(Dataset<Row> rows, int epochs) {
    return new NeuralNetworkClassifier()
        .setOptimizer("lbfgs")
        .setHistorySize(10)
        .setInitializer("zeros")
        .setWorkers(2)
        .setEpochs(epochs)
        .fit(rows);
  }

  /** Of an epoch's loss before its step. */
  private static int epochsTo(double loss, NeuralNetworkClassificationModel model) {
    return model.history().stream()
        .filter(epoch -> epoch.trainLoss() <= loss)
        .mapToInt(EpochRecord::epoch)
        .findFirst()
        .orElseThrow();
  }
}
