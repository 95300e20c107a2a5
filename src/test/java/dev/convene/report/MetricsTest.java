package dev.convene.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convene.LocalSpark;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class MetricsTest {
  @Test
  void classificationByHand() {
    ClassificationMetrics metrics =
        new ClassificationMetrics(new long[][] {{3, 1, 0}, {2, 4, 0}, {0, 0, 0}}, 5);
    assertThat(metrics.rows()).isEqualTo(10);
    assertThat(metrics.loss()).isEqualTo(0.5);
    assertThat(metrics.accuracy()).isEqualTo(0.7);
    assertThat(metrics.precision()).containsExactly(0.6, 0.8, 0);
    assertThat(metrics.recall()).containsExactly(0.75, 4 / 6.0, 0);
    // 2 x correct / (predicted + labelled)
    assertThat(metrics.f1()).containsExactly(6 / 9.0, 8 / 11.0, 0);
    assertThat(metrics.summary()).isEqualTo("accuracy 0.7000 on 10 test rows, loss 0.5000");
  }

  @Test
  void theConfusionMatrixIsCopiedInAndOut() {
    long[][] counts = {{1, 0}, {0, 1}};
    ClassificationMetrics metrics = new ClassificationMetrics(counts, 0);
    counts[0][1] = 5;
    metrics.confusionMatrix()[1][0] = 7;
    assertThat(metrics.confusionMatrix()).isDeepEqualTo(new long[][] {{1, 0}, {0, 1}});
  }

  @Test
  void summariesRoundAsTheContractShows() {
    // 9231 right of 10000, 0.27494 a row.
    assertThat(new ClassificationMetrics(new long[][] {{9231, 769}, {0, 0}}, 2749.4).summary())
        .isEqualTo("accuracy 0.9231 on 10000 test rows, loss 0.2749");
    assertThat(new ClassificationMetrics(new long[][] {{1}}, Double.NaN).summary())
        .isEqualTo("accuracy 1.0000 on 1 test rows, loss NaN");
    assertThat(new RegressionMetrics(5, 1.6129, 0.9957).summary())
        .isEqualTo("rmse 1.27 on 5 test rows, r2 0.996");
    assertThat(new RegressionMetrics(5, 0.000161, -0.5).summary())
        .isEqualTo("rmse 0.0127 on 5 test rows, r2 -0.500");
    assertThat(new RegressionMetrics(5, 45231.7 * 45231.7, Double.NaN).summary())
        .isEqualTo("rmse 45232 on 5 test rows, r2 undefined");
    assertThat(new RegressionMetrics(5, Double.POSITIVE_INFINITY, Double.NaN).summary())
        .isEqualTo("rmse Infinity on 5 test rows, r2 undefined");
  }

  @Test
  void noRowsAreNoMetrics() {
    assertThatThrownBy(() -> new ClassificationMetrics(new long[2][2], 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Metrics need at least one row.");
    assertThatThrownBy(() -> new RegressionErrors(1).metrics())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Metrics need at least one row.");
    assertThatThrownBy(() -> new ClassificationMetrics(new long[2][3], 0))
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
    assertThat(metrics.r2()).isEqualTo(0.5);
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
    ClassificationMetrics metrics = new ClassificationMetrics(confusion, 0);

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
