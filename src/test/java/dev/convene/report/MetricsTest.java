package dev.convene.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convene.testkit.LocalSpark;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("spark")
class MetricsTest {
  private static ClassificationMetrics classification(long[][] confusionMatrix, double totalLoss) {
    return new ClassificationMetrics(confusionMatrix, totalLoss, List.of(), Optional.empty());
  }

  /** Of five rows and one output. */
  private static RegressionMetrics regression(double meanSquaredError, double r2) {
    return new RegressionMetrics(5, List.of(new RegressionMetrics.Output(meanSquaredError, 0, r2)));
  }

  @Test
  void classificationByHand() {
    ClassificationMetrics metrics =
        classification(new long[][] {{3, 1, 0}, {2, 4, 0}, {0, 0, 0}}, 5);
    assertThat(metrics.rows()).isEqualTo(10);
    assertThat(metrics.loss()).isEqualTo(0.5);
    assertThat(metrics.accuracy()).isEqualTo(0.7);
    assertThat(metrics.precision()).containsExactly(0.6, 0.8, 0);
    assertThat(metrics.recall()).containsExactly(0.75, 4 / 6.0, 0);
    // 2 x correct / (predicted + labelled)
    assertThat(metrics.f1()).containsExactly(6 / 9.0, 8 / 11.0, 0);
    // The third class neither occurs nor is predicted.
    assertThat(metrics.macroPrecision()).isEqualTo((0.6 + 0.8) / 2);
    assertThat(metrics.macroRecall()).isEqualTo((0.75 + 4 / 6.0) / 2);
    assertThat(metrics.macroF1()).isEqualTo((6 / 9.0 + 8 / 11.0) / 2);
    assertThat(metrics.summary()).isEqualTo("accuracy 0.7000 on 10 test rows, loss 0.5000");
  }

  @Test
  void theConfusionMatrixIsCopiedInAndOut() {
    long[][] counts = {{1, 0}, {0, 1}};
    ClassificationMetrics metrics = classification(counts, 0);
    counts[0][1] = 5;
    metrics.confusionMatrix()[1][0] = 7;
    assertThat(metrics.confusionMatrix()).isDeepEqualTo(new long[][] {{1, 0}, {0, 1}});
  }

  @Test
  void summariesRoundAsTheContractShows() {
    // 9231 right of 10000, 0.27494 a row.
    assertThat(classification(new long[][] {{9231, 769}, {0, 0}}, 2749.4).summary())
        .isEqualTo("accuracy 0.9231 on 10000 test rows, loss 0.2749");
    assertThat(classification(new long[][] {{1}}, Double.NaN).summary())
        .isEqualTo("accuracy 1.0000 on 1 test rows, loss NaN");
    assertThat(regression(1.6129, 0.9957).summary())
        .isEqualTo("rmse 1.27 on 5 test rows, r2 0.996");
    assertThat(regression(0.000161, -0.5).summary())
        .isEqualTo("rmse 0.0127 on 5 test rows, r2 -0.500");
    assertThat(regression(45231.7 * 45231.7, Double.NaN).summary())
        .isEqualTo("rmse 45232 on 5 test rows, r2 undefined");
    assertThat(regression(Double.POSITIVE_INFINITY, Double.NaN).summary())
        .isEqualTo("rmse Infinity on 5 test rows, r2 undefined");
  }

  @Test
  void calibrationByHand() {
    ClassificationTally tally = new ClassificationTally(2);
    tally.add(0, 0, 0.75, 0);
    tally.add(0, 1, 0.75, 0);
    ClassificationTally rest = new ClassificationTally(2);
    rest.add(1, 1, 1, 0);
    rest.add(1, 0, 0.5, 0);
    // Thresholds can make an improbable class the prediction.
    rest.add(0, 1, 0, 0);
    tally.add(rest);

    ClassificationMetrics metrics = tally.metrics(Optional.empty());

    CalibrationBin empty = new CalibrationBin(0, Double.NaN, Double.NaN);
    assertThat(metrics.calibration())
        .containsExactly(
            new CalibrationBin(1, 0, 0),
            empty,
            empty,
            empty,
            new CalibrationBin(1, 0.5, 0),
            empty,
            empty,
            new CalibrationBin(2, 0.75, 0.5),
            empty,
            new CalibrationBin(1, 1, 1));
    // Gaps 0, 0.5, twice 0.25, and 0.
    assertThat(metrics.expectedCalibrationError()).isEqualTo(0.2);
  }

  @Test
  void neitherOrderNorPartsShowInATally() {
    Random random = new Random(5);
    ClassificationTally whole = new ClassificationTally(3);
    ClassificationTally even = new ClassificationTally(3);
    ClassificationTally odd = new ClassificationTally(3);
    for (int i = 0; i < 1000; i++) {
      int label = random.nextInt(3);
      int prediction = random.nextInt(3);
      double probability = random.nextDouble();
      double loss = -Math.log(random.nextDouble());
      whole.add(label, prediction, probability, loss);
      (i % 2 == 0 ? even : odd).add(label, prediction, probability, loss);
    }
    odd.add(even);

    ClassificationMetrics expected = whole.metrics(Optional.empty());
    ClassificationMetrics merged = odd.metrics(Optional.empty());

    assertThat(merged.loss()).isEqualTo(expected.loss());
    assertThat(merged.confusionMatrix()).isDeepEqualTo(expected.confusionMatrix());
    assertThat(merged.calibration()).isEqualTo(expected.calibration());
  }

  @Test
  void aReportOfClassesIsATable() {
    ClassificationTally tally = new ClassificationTally(2);
    tally.add(0, 0, 0.75, 0.25);
    tally.add(1, 1, 1, 0.5);
    tally.add(1, 0, 0.5, 0.75);
    tally.add(0, 0, 0.75, 0.5);
    ClassificationMetrics metrics =
        tally.metrics(Optional.of(new AreasUnderCurves(0.875, Double.NaN)));

    assertThat(metrics.report(List.of("<=50K", ">50K")))
        .isEqualTo(
            """
            label          rows  precision  recall      f1
            <=50K             2     0.6667  1.0000  0.8000
            >50K              2     1.0000  0.5000  0.6667
            macro average     4     0.8333  0.7500  0.7333

            accuracy                        0.7500
            log loss                        0.5000
            area under ROC                  0.8750
            area under precision-recall  undefined
            expected calibration error      0.2500
            """);
    assertThat(classification(new long[][] {{7, 0}, {3, 0}}, 5).report(List.of()))
        .isEqualTo(
            """
            label          rows  precision  recall      f1
            0                 7     0.7000  1.0000  0.8235
            1                 3     0.0000  0.0000  0.0000
            macro average    10     0.3500  0.5000  0.4118

            accuracy                    0.7000
            log loss                    0.5000
            expected calibration error  0.0000
            """);
    assertThatThrownBy(() -> metrics.report(List.of("yes")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("There are 1 names for 2 labels.");
  }

  @Test
  void aReportOfOutputsIsATable() {
    RegressionMetrics two =
        new RegressionMetrics(
            5,
            List.of(
                new RegressionMetrics.Output(9, 2.5, 0.75),
                new RegressionMetrics.Output(41, 5, Double.NaN)));

    assertThat(two.report(List.of("price", "weight")))
        .isEqualTo(
            """
            label   rmse   mae         r2
            price      3   2.5      0.750
            weight  6.40     5  undefined
            all        5  3.75  undefined
            """);
    assertThat(regression(4, 0.5).report(List.of()))
        .isEqualTo(
            """
            label  rmse  mae     r2
            0         2    0  0.500
            """);
  }

  @Test
  void noRowsAreNoMetrics() {
    assertThatThrownBy(() -> classification(new long[2][2], 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Metrics need at least one row.");
    assertThatThrownBy(() -> new RegressionErrors(1).metrics())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Metrics need at least one row.");
    assertThatThrownBy(() -> classification(new long[2][3], 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("The confusion matrix is not square.");
  }

  @Test
  void regressionOverSeveralOutputsByHand() {
    RegressionErrors errors = new RegressionErrors(2);
    errors.add(new double[] {1, 0}, new double[] {1, 2});
    RegressionErrors rest = new RegressionErrors(2);
    rest.add(new double[] {3, 4}, new double[] {2, 4});
    errors.add(rest);
    RegressionMetrics metrics = errors.metrics();
    assertThat(metrics.rows()).isEqualTo(2);
    // Squared errors 1 and 4 over 2 rows x 2 outputs; deviations 2 and 8: r2 is 0.5 for both.
    assertThat(metrics.loss()).isEqualTo(1.25);
    assertThat(metrics.rmse()).isEqualTo(Math.sqrt(1.25));
    assertThat(metrics.mae()).isEqualTo(0.75);
    assertThat(metrics.r2()).isEqualTo(0.5);
    assertThat(metrics.byOutput())
        .containsExactly(
            new RegressionMetrics.Output(0.5, 0.5, 0.5), new RegressionMetrics.Output(2, 1, 0.5));
    assertThat(metrics.byOutput().get(1).rmse()).isEqualTo(Math.sqrt(2));
  }

  @Test
  void equalLabelsLeaveR2Undefined() {
    RegressionErrors errors = new RegressionErrors(1);
    errors.add(new double[] {0.1}, new double[] {0.1});
    errors.add(new double[] {0.1}, new double[] {0.3});
    assertThat(errors.metrics().r2()).isNaN();
  }

  @Test
  void classificationAgreesWithMllib() {
    Random random = new Random(1);
    long[][] confusion = new long[4][4];
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      // Class 3 is never predicted.
      int label = random.nextInt(4);
      int prediction = random.nextBoolean() ? label % 3 : random.nextInt(3);
      confusion[label][prediction]++;
      rows.add(RowFactory.create((double) label, (double) prediction));
    }
    Dataset<Row> table = labelsAndPredictions(rows);
    ClassificationMetrics metrics = classification(confusion, 0);

    MulticlassClassificationEvaluator mllib = new MulticlassClassificationEvaluator();
    assertThat(metrics.accuracy())
        .isCloseTo(mllib.setMetricName("accuracy").evaluate(table), within(1e-14));
    for (int k = 0; k < 4; k++) {
      mllib.setMetricLabel(k);
      assertThat(metrics.precision()[k])
          .isCloseTo(mllib.setMetricName("precisionByLabel").evaluate(table), within(1e-14));
      assertThat(metrics.recall()[k])
          .isCloseTo(mllib.setMetricName("recallByLabel").evaluate(table), within(1e-14));
      assertThat(metrics.f1()[k])
          .isCloseTo(mllib.setMetricName("fMeasureByLabel").evaluate(table), within(1e-14));
    }
  }

  @Test
  void regressionAgreesWithMllib() {
    Random random = new Random(2);
    RegressionErrors errors = new RegressionErrors(1);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      double label = 50 + random.nextGaussian();
      double prediction = label + 0.3 * random.nextGaussian();
      errors.add(new double[] {label}, new double[] {prediction});
      rows.add(RowFactory.create(label, prediction));
    }
    Dataset<Row> table = labelsAndPredictions(rows);
    RegressionEvaluator mllib = new RegressionEvaluator();
    RegressionMetrics metrics = errors.metrics();
    assertThat(metrics.loss()).isCloseTo(mllib.setMetricName("mse").evaluate(table), within(1e-12));
    assertThat(metrics.rmse())
        .isCloseTo(mllib.setMetricName("rmse").evaluate(table), within(1e-12));
    assertThat(metrics.mae()).isCloseTo(mllib.setMetricName("mae").evaluate(table), within(1e-12));
    assertThat(metrics.r2()).isCloseTo(mllib.setMetricName("r2").evaluate(table), within(1e-11));
  }

  private static Dataset<Row> labelsAndPredictions(List<Row> rows) {
    return LocalSpark.session()
        .createDataFrame(
            rows,
            new StructType()
                .add("label", DataTypes.DoubleType)
                .add("prediction", DataTypes.DoubleType));
  }
}
