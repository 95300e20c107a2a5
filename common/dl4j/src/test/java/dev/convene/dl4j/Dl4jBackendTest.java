package dev.convene.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convene.ConveneException;
import dev.convene.ml.NeuralNetworkClassificationModel;
import dev.convene.ml.NeuralNetworkClassifier;
import dev.convene.ml.NeuralNetworkRegressor;
import dev.convene.nn.RandomStream;
import dev.convene.nn.RandomStream.Purpose;
import dev.convene.testkit.LocalSpark;
import dev.convene.train.EpochRecord;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both trainers, through the Estimators. */
@Tag("spark")
class Dl4jBackendTest {
  private static final int FEATURES = 6;

  /** Averaging each step, or the whole epoch by one worker: plain SGD agrees to rounding. */
  @ParameterizedTest
  @CsvSource({"1, 1", "1, 0", "2, 1", "2, 3", "2, 0"})
  void plainSgdGivesTheNativeParameters(int workers, int period) {
    // 400 rows in minibatches of 20: 20 steps of one worker, 10 of two.
    NeuralNetworkClassifier classifier =
        classifier()
            .setWorkers(workers)
            .setAveragingPeriod(period)
            .setEpochs(workers == 1 ? 5 : 2)
            .setBatchSize(20);
    assertAgree(classifier, rows(400), 1e-4, 1e-5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"adam", "amsgrad", "nesterov"})
  void updaterStateIsAveragedAndKept(String optimizer) {
    NeuralNetworkClassifier classifier =
        new NeuralNetworkClassifier()
            .setHidden(new int[] {8})
            .setWorkers(2)
            .setAveragingPeriod(2)
            .setBatchSize(10)
            .setEpochs(3);
    if (optimizer.equals("nesterov")) {
      classifier
          .setOptimizer("sgd")
          .setLearningRate(0.05)
          .setMomentum(0.9)
          .setNesterov(true)
          .setWeightDecay(0.01);
    } else {
      classifier.setLearningRate(0.01).setAmsgrad(optimizer.equals("amsgrad"));
    }
    assertAgree(classifier, rows(200), 1e-3, 1e-4);
  }

  @Test
  void noRowIsDropped() {
    // 101 rows on two workers: minibatches of 20 and a rest of 11 and 10.
    NeuralNetworkClassifier classifier =
        classifier().setWorkers(2).setAveragingPeriod(2).setBatchSize(20).setEpochs(2);
    List<EpochRecord> history = classifier.setTrainer("dl4j").fit(rows(101)).history();
    assertThat(history).extracting(EpochRecord::examples).containsExactly(101L, 101L);
    assertThat(history).extracting(EpochRecord::rounds).containsExactly(2, 2);
  }

  @Test
  void fullBatch() {
    assertAgree(classifier().setWorkers(1).setBatchSize(0).setEpochs(20), rows(50), 1e-4, 1e-5);
  }

  @Test
  void weightsOfRowsAreRefused() {
    NeuralNetworkClassifier classifier = classifier().setWeightCol("w").setTrainer("dl4j");
    assertThatThrownBy(() -> classifier.fit(rows(20)))
        .isInstanceOf(ConveneException.class)
        .hasMessage(
            "weightCol is set, but DL4J has no weights of rows: leave it out, or train natively");
  }

  @Test
  void regression() {
    NeuralNetworkRegressor regressor =
        new NeuralNetworkRegressor()
            .setHidden(new int[] {5})
            .setActivation("tanh")
            .setOptimizer("sgd")
            .setLearningRate(0.05)
            .setWorkers(2)
            .setBatchSize(10)
            .setEpochs(5);
    float[] ours = regressor.fit(rows(100)).parameters();
    float[] theirs = regressor.setTrainer("dl4j").fit(rows(100)).parameters();
    assertThat(theirs).containsExactly(ours, within(1e-4f));
  }

  @Test
  void dropoutFollowsTheSeed() {
    NeuralNetworkClassifier classifier =
        classifier()
            .setDropout(0.5)
            .setHidden(new int[] {16, 16})
            .setWorkers(2)
            .setBatchSize(20)
            .setEpochs(3)
            .setTrainer("dl4j");
    float[] once = classifier.fit(rows(200)).parameters();
    assertThat(classifier.fit(rows(200)).parameters()).isEqualTo(once);
    // The same initial parameters and rows: what differs is what is dropped.
    float[] undropped = classifier.setDropout(0).fit(rows(200)).parameters();
    assertThat(undropped).isNotEqualTo(once);
  }

  @Test
  void anOptimizerThatDl4jLacksIsRefused() {
    NeuralNetworkClassifier classifier = classifier().setMomentum(0.9).setTrainer("dl4j");
    assertThatThrownBy(() -> classifier.fit(rows(20)))
        .isInstanceOf(ConveneException.class)
        .hasMessage(
            "momentum = 0.9, but DL4J has no momentum other than Nesterov's: set nesterov = true,"
                + " or train natively");
  }

  private static NeuralNetworkClassifier classifier() {
    return new NeuralNetworkClassifier()
        .setHidden(new int[] {8})
        .setOptimizer("sgd")
        .setLearningRate(0.1);
  }

  private static void assertAgree(
      NeuralNetworkClassifier classifier, Dataset<Row> rows, double parameters, double losses) {
    NeuralNetworkClassificationModel ours = classifier.setTrainer("native").fit(rows);
    NeuralNetworkClassificationModel theirs = classifier.setTrainer("dl4j").fit(rows);
    double largest = 0;
    for (int i = 0; i < ours.parameters().length; i++) {
      largest = Math.max(largest, Math.abs(ours.parameters()[i] - theirs.parameters()[i]));
    }
    System.out.printf("through Spark, largest deviation of parameters: %.1e%n", largest);
    assertThat(largest).isLessThan(parameters);
    for (int i = 0; i < ours.history().size(); i++) {
      EpochRecord our = ours.history().get(i);
      EpochRecord their = theirs.history().get(i);
      assertThat(their.trainLoss()).isCloseTo(our.trainLoss(), within(losses));
      assertThat(their.trainAccuracy()).isCloseTo(our.trainAccuracy(), within(0.011));
      assertThat(their.examples()).isEqualTo(our.examples());
      assertThat(their.rounds()).isEqualTo(our.rounds());
    }
  }

  private static Dataset<Row> rows(int count) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      RandomStream random = RandomStream.of(5, Purpose.ROW_ORDER, i);
      double[] x = new double[FEATURES];
      for (int j = 0; j < FEATURES; j++) {
        x[j] = random.nextGaussian();
      }
      int label = x[0] + x[1] * x[2] > 0.3 ? 2 : x[3] > 0 ? 1 : 0;
      rows.add(RowFactory.create(Vectors.dense(x), (double) label, 0.25 + random.nextDouble()));
    }
    StructType schema =
        new StructType()
            .add("features", new VectorUDT())
            .add("label", DataTypes.DoubleType)
            .add("w", DataTypes.DoubleType);
    return LocalSpark.session().createDataFrame(rows, schema);
  }
}
