package dev.convene.dl4j;

import static org.apache.spark.sql.functions.col;

import dev.convene.train.EpochRecord;
import dev.convene.train.TrainingListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.spark.ml.feature.ElementwiseProduct;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A benchmark, see src/test/benchmark/README.md: trains the convolutional network of
 * conf/dl4j/lenet.json on MNIST through Spark, in local[2].
 *
 * <p>Arguments: the JSON, the folder of MNIST (with train and test), epochs.
 */
public final class LeNetOnMnist {
  private LeNetOnMnist() {}

  public static void main(String[] arguments) throws Exception {
    Path mnist = Path.of(arguments[1]);
    Dl4jClassificationModel model =
        new Dl4jClassifier()
            .setConfiguration(Files.readString(Path.of(arguments[0])))
            .setEpochs(Integer.parseInt(arguments[2]))
            .setBatchSize(100)
            .setWorkers(2)
            .setAveragingPeriod(100)
            .setTrainingListener(
                new TrainingListener() {
                  @Override
                  public void epochEnded(EpochRecord record) {
                    System.out.printf(
                        "epoch %d: loss %.4f, accuracy %.4f, %.0f s%n",
                        record.epoch(),
                        record.trainLoss(),
                        record.trainAccuracy(),
                        record.seconds());
                  }
                })
            .fit(images(mnist.resolve("train")));
    Dataset<Row> test = images(mnist.resolve("test"));
    long correct = model.transform(test).filter("prediction = label").count();
    System.out.printf(
        "accuracy %.4f on %d test rows%n", (double) correct / test.count(), test.count());
  }

  private static Dataset<Row> images(Path folder) {
    double[] scale = new double[784];
    Arrays.fill(scale, 1 / 255.0);
    Dataset<Row> pixels =
        LocalSpark.session()
            .read()
            .format("idx")
            .load(folder.toString())
            .withColumnRenamed("features", "pixels");
    return new ElementwiseProduct()
        .setInputCol("pixels")
        .setOutputCol("features")
        .setScalingVec(Vectors.dense(scale))
        .transform(pixels)
        .select(col("features"), col("label"));
  }
}
