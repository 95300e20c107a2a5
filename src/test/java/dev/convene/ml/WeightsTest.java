package dev.convene.ml;

import static dev.convene.ml.Failures.refuses;
import static org.apache.spark.ml.functions.vector_to_array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convene.ExitStatus;
import dev.convene.train.EpochRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.regression.LinearRegression;
import org.apache.spark.ml.regression.LinearRegressionModel;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("spark")
class WeightsTest {
  /** 10 rows of class 0, 20 of class 1, 70 of class 2. */
  private static final List<Row> UNBALANCED = unbalanced();

  private static List<Row> unbalanced() {
    Random random = new Random(5);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      int label = i < 10 ? 0 : i < 30 ? 1 : 2;
      rows.add(Rows.of(label, label + random.nextGaussian(), random.nextGaussian()));
    }
    Collections.shuffle(rows, random);
    return rows;
  }

  private static NeuralNetworkClassifier classifier() {
    return new NeuralNetworkClassifier()
        .setHidden(new int[] {4})
        .setEpochs(2)
        .setBatchSize(8)
        .setWorkers(2)
        .setLearningRate(0.01);
  }

  private static NeuralNetworkRegressor linear() {
    return new NeuralNetworkRegressor()
        .setOptimizer("sgd")
        .setLearningRate(0.4)
        .setBatchSize(0)
        .setWorkers(1)
        .setEpochs(40);
  }

  /** 1, 2 or 3, by the row's first feature. */
  private static Dataset<Row> weighted(Dataset<Row> rows) {
    Column first = vector_to_array(col("features"), "float64").getItem(0);
    return rows.withColumn("weight", when(first.lt(-0.3), 1).when(first.lt(0.3), 2).otherwise(3));
  }

  @Test
  void weightedRegressionIsThatOfMllib() {
    Dataset<Row> rows = weighted(Rows.in(2, Rows.plane(200)));
    LinearRegressionModel theirs = new LinearRegression().setWeightCol("weight").fit(rows);

    float[] ours = linear().setWeightCol("weight").fit(rows).parameters();

    for (int i = 0; i < 3; i++) {
      assertThat((double) ours[i]).isCloseTo(theirs.coefficients().apply(i), within(1e-4));
    }
    assertThat((double) ours[3]).isCloseTo(theirs.intercept(), within(1e-4));
    assertThat(ours[3]).isNotEqualTo(linear().fit(rows).parameters()[3]);
  }

  @Test
  void aRowOfWeightTwoCountsAsTwoRows() {
    NeuralNetworkClassifier fullBatch =
        classifier().setOptimizer("sgd").setLearningRate(0.5).setBatchSize(0).setWorkers(1);
    Dataset<Row> rows = weighted(Rows.in(2, UNBALANCED));
    Dataset<Row> copies =
        rows.union(rows.filter(col("weight").geq(2))).union(rows.filter(col("weight").equalTo(3)));

    NeuralNetworkClassificationModel model = fullBatch.setWeightCol("weight").fit(rows);
    fullBatch.setWeightCol("");
    NeuralNetworkClassificationModel ofCopies = fullBatch.fit(copies);

    assertThat(model.parameters()).containsExactly(ofCopies.parameters(), within(1e-6f));
    EpochRecord last = model.history().get(1);
    EpochRecord lastOfCopies = ofCopies.history().get(1);
    assertThat(last.trainLoss()).isCloseTo(lastOfCopies.trainLoss(), within(1e-6));
    assertThat(last.trainAccuracy()).isCloseTo(lastOfCopies.trainAccuracy(), within(1e-12));
    assertThat(last.examples()).isEqualTo(100);
  }

  @Test
  void classWeightsAreRowWeightsByLabel() {
    Dataset<Row> rows = Rows.in(2, UNBALANCED);
    Column weight =
        when(col("label").equalTo(0), 5.0).when(col("label").equalTo(1), 0.25).otherwise(0.0);

    float[] parameters =
        classifier().setClassWeights(new double[] {5, 0.25, 0}).fit(rows).parameters();

    assertThat(parameters)
        .isEqualTo(
            classifier()
                .setWeightCol("weight")
                .fit(rows.withColumn("weight", weight))
                .parameters());
    assertThat(
            classifier()
                .setClassWeights(new double[] {2.5, 0.125, 0})
                .setWeightCol("two")
                .fit(rows.withColumn("two", lit(2)))
                .parameters())
        .isEqualTo(parameters);
  }

  @Test
  void balancedClassesWeighTheSameInTotal() {
    Dataset<Row> rows = Rows.in(2, UNBALANCED);

    float[] parameters = classifier().setBalanceClasses(true).fit(rows).parameters();

    assertThat(parameters)
        .isEqualTo(
            classifier()
                .setClassWeights(new double[] {100 / 30.0, 100 / 60.0, 100 / 210.0})
                .fit(rows)
                .parameters())
        .isNotEqualTo(classifier().fit(rows).parameters());
  }

  @Test
  void classesAreBalancedByTheWeightsOfTrainingRows() {
    Dataset<Row> rows = Rows.in(3, Rows.classes(60, 3)).filter("label < 2 or not validation");
    Dataset<Row> training = rows.filter(not(col("validation")));

    float[] parameters =
        classifier()
            .setBalanceClasses(true)
            .setValidationIndicatorCol("validation")
            .fit(rows)
            .parameters();

    assertThat(parameters)
        .isEqualTo(classifier().setBalanceClasses(true).fit(training).parameters());
  }

  @Test
  void balancingWeightsAreExact() {
    List<Row> rows = new ArrayList<>();
    double[] weights = {1e16, 1, -0.0, 1, 3, 0.5, 0.5};
    int[] labels = {0, 0, 0, 0, 1, 3, 3};
    for (int i = 0; i < weights.length; i++) {
      rows.add(Rows.of(labels[i], weights[i]));
    }
    Column weight = vector_to_array(col("features"), "float64").getItem(0);

    for (int partitions = 1; partitions <= 7; partitions++) {
      Collections.shuffle(rows, new Random(partitions));
      // 1e16 + 1 + 1 and, of all, 1e16 + 6: in doubles added one by one other numbers come.
      assertThat(RowWeights.balancing(Rows.in(partitions, rows), "label", weight, 4))
          .containsExactly((1e16 + 6) / (4 * (1e16 + 2)), (1e16 + 6) / 12, 0, (1e16 + 6) / 4);
    }
  }

  @Test
  void validationLossIsWeightedToo() {
    List<Row> few = Rows.classes(50, 2);
    Dataset<Row> rows = weighted(Rows.in(2, few));
    Dataset<Row> validation = rows.filter("validation");
    Dataset<Row> copies =
        rows.union(validation.filter("weight >= 2")).union(validation.filter("weight = 3"));
    NeuralNetworkClassifier classifier =
        classifier().setEpochs(1).setValidationIndicatorCol("validation").setWeightCol("weight");

    EpochRecord record = classifier.fit(rows).history().get(0);
    EpochRecord ofCopies =
        classifier
            .fit(copies.withColumn("weight", when(col("validation"), 1).otherwise(col("weight"))))
            .history()
            .get(0);

    assertThat(record.validationLoss()).isCloseTo(ofCopies.validationLoss(), within(1e-9));
    assertThat(record.validationAccuracy()).isCloseTo(ofCopies.validationAccuracy(), within(1e-12));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.5, Double.NaN, Double.POSITIVE_INFINITY})
  void aWeightThatIsNoneIsRefused(double weight) {
    Dataset<Row> rows =
        Rows.in(2, UNBALANCED)
            .withColumn("w", when(col("label").equalTo(0), weight).otherwise(1.0));
    String message =
        "weight " + weight + " in column w: the weight of a row is a finite number of at least 0";

    refuses(() -> classifier().setWeightCol("w").fit(rows), ExitStatus.DATA, message);
    refuses(
        () -> classifier().setWeightCol("w").setBalanceClasses(true).fit(rows),
        ExitStatus.DATA,
        message);
    refuses(() -> linear().setWeightCol("w").fit(rows), ExitStatus.DATA, message);
  }

  @Test
  void aRowWithoutWeightIsRefused() {
    Dataset<Row> rows =
        Rows.in(2, UNBALANCED).withColumn("w", when(col("label").equalTo(0), 1).otherwise(null));

    refuses(
        () -> linear().setWeightCol("w").fit(rows),
        ExitStatus.DATA,
        "a row has no weight in column w: fill it or drop the row");
  }

  @Test
  void classesCannotBeBalancedIfAllWeightsAreZero() {
    refuses(
        () ->
            classifier()
                .setWeightCol("w")
                .setBalanceClasses(true)
                .fit(Rows.in(2, UNBALANCED).withColumn("w", lit(0))),
        ExitStatus.DATA,
        "all weights of the training data are 0");
  }

  @ParameterizedTest
  @CsvSource({"2", "4"})
  void aWeightForEachClass(int count) {
    double[] weights = new double[count];
    weights[0] = 1;

    refuses(
        () -> classifier().setClassWeights(weights).fit(Rows.in(2, UNBALANCED)),
        ExitStatus.USAGE,
        "classWeights has " + count + " numbers, but there are 3 classes");
  }

  @Test
  void classWeightsAreGivenOrBalanced() {
    refuses(
        () ->
            classifier()
                .setClassWeights(new double[] {1, 1, 1})
                .setBalanceClasses(true)
                .fit(Rows.in(2, UNBALANCED)),
        ExitStatus.USAGE,
        "balanceClasses = true and classWeights = [1.0,1.0,1.0] exclude each other: keep one");
  }
}
