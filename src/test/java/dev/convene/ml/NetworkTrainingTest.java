package dev.convene.ml;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convene.testkit.LocalSpark;
import dev.convene.train.EpochRecord;
import dev.convene.train.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Training by epochs on rows that were dealt once is what {@code fit} does. */
@Tag("spark")
class NetworkTrainingTest {
  private static final int ROWS = 120;

  /** Three classes as whole numbers, every fourth row to validate on. */
  private static Dataset<Row> rows() {
    Random random = new Random(3);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      int label = i % 3;
      double[] features = {label + random.nextGaussian(), random.nextGaussian()};
      rows.add(RowFactory.create(Vectors.dense(features), label, i % 4 == 0));
    }
    return LocalSpark.session()
        .createDataFrame(
            rows,
            new StructType()
                .add("features", new VectorUDT())
                .add("label", DataTypes.IntegerType)
                .add("isValidation", DataTypes.BooleanType));
  }

  private static NeuralNetworkClassifier classifier() {
    return new NeuralNetworkClassifier()
        .setHidden(new int[] {5})
        .setEpochs(4)
        .setBatchSize(10)
        .setWorkers(2)
        .setAveragingPeriod(2)
        .setDropout(0.2)
        .setBalanceClasses(true)
        .setValidationIndicatorCol("isValidation");
  }

  private static Progress trained(NetworkTraining training) {
    Progress progress = training.start();
    while (!training.isFinished(progress)) {
      progress = training.epoch(progress);
    }
    return progress;
  }

  private static void assertSame(Progress progress, NeuralNetworkModel fitted) {
    assertThat(progress.averaged().state().parameters()).isEqualTo(fitted.parameters());
    assertThat(progress.history())
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("seconds")
        .isEqualTo(fitted.history());
  }

  @Test
  void severalClassifiersTrainOnTheSameRowsSideBySide() {
    NeuralNetworkClassifier other = classifier().setHidden(new int[] {}).setLearningRate(0.1);
    try (DealtRows dealt = classifier().deal(rows())) {
      assertThat(dealt.workers()).isEqualTo(2);
      CompletableFuture<Progress> first =
          CompletableFuture.supplyAsync(() -> trained(classifier().training(dealt)));
      CompletableFuture<Progress> second =
          CompletableFuture.supplyAsync(() -> trained(other.training(dealt)));

      assertSame(first.join(), classifier().fit(rows()));
      assertSame(second.join(), other.fit(rows()));
    }
  }

  @Test
  void aRegressionOfSeveralOutputs() {
    Dataset<Row> rows = rows().withColumn("label", col("features"));
    NeuralNetworkRegressor regressor =
        new NeuralNetworkRegressor().setEpochs(2).setWorkers(1).setLearningRate(0.1);
    try (DealtRows dealt = regressor.deal(rows)) {
      assertSame(trained(regressor.training(dealt)), regressor.fit(rows));
    }
  }

  @Test
  void theLossBeforeTrainingIsOfTheInitialParameters() {
    NeuralNetworkClassifier zeros = classifier().setHidden(new int[] {}).setInitializer("zeros");
    try (DealtRows dealt = zeros.deal(rows())) {
      NetworkTraining training = zeros.training(dealt);

      assertThat(training.validationLoss(training.start())).isCloseTo(Math.log(3), within(1e-6));
    }
  }

  @Test
  void anEpochCanBeShortened() {
    try (DealtRows dealt = classifier().deal(rows())) {
      NetworkTraining whole = classifier().training(dealt);
      // 90 rows to train on, 45 on each worker: 5 minibatches.
      assertThat(whole.stepsPerEpoch()).isEqualTo(5);
      assertThat(whole.withEpochsOf(7).stepsPerEpoch()).isEqualTo(5);
      NetworkTraining shortened = whole.withEpochsOf(3);
      assertThat(shortened.stepsPerEpoch()).isEqualTo(3);

      EpochRecord record = shortened.epoch(shortened.start()).history().get(0);

      // 3 minibatches of 10 rows on 2 workers; two of them a round.
      assertThat(record.examples()).isEqualTo(60);
      assertThat(record.rounds()).isEqualTo(2);
      NetworkTraining full = classifier().setBatchSize(0).training(dealt);
      assertThat(full.withEpochsOf(3).stepsPerEpoch()).isEqualTo(1);
    }
  }
}
