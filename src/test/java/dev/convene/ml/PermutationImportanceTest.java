package dev.convene.ml;

import static org.apache.spark.ml.functions.array_to_vector;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convene.ConveneException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("spark")
class PermutationImportanceTest {
  private static final FeatureGroup A = FeatureGroup.of("a", 0);
  private static final FeatureGroup B = FeatureGroup.of("b", 1);

  private static NeuralNetworkRegressor nothingLearned(float... parameters) {
    return new NeuralNetworkRegressor()
        .setOptimizer("sgd")
        .setLearningRate(Double.MIN_VALUE)
        .setWorkers(1)
        .setEpochs(1)
        .setInitialParameters(parameters);
  }

  /** The plane of these weights, the bias last. */
  private static NeuralNetworkRegressionModel plane(List<Row> rows, float... parameters) {
    return nothingLearned(parameters).fit(Rows.in(1, rows));
  }

  @Test
  void twoRowsChangePlaces() {
    // 2 a - b is -2 and 1: squared errors 0 and 1.
    List<Row> rows = List.of(Rows.of(-2, 1, 4), Rows.of(2, 3, 5));

    List<FeatureImportance> importances =
        PermutationImportance.of(
            plane(rows, 2, -1, 0),
            Rows.in(2, rows),
            List.of(B, A, new FeatureGroup("both", 0, 2)),
            3,
            1);

    // Permuting a gives 2 and -3, both features 1 and -2, b -3 and 2.
    assertThat(importances)
        .containsExactly(
            new FeatureImportance("a", (16 + 25) / 2.0 - 0.5, 0, Double.NaN),
            new FeatureImportance("both", (9 + 16) / 2.0 - 0.5, 0, Double.NaN),
            new FeatureImportance("b", (1 + 0) / 2.0 - 0.5, 0, Double.NaN));
  }

  @Test
  void aClassifierLosesAccuracyToo() {
    List<Row> rows = List.of(Rows.of(0, -1), Rows.of(1, 1));
    // The output of class 1 is x: its loss is log(1 + 1/e), and log(1 + e) with x permuted.
    NeuralNetworkClassificationModel model =
        new NeuralNetworkClassifier()
            .setOptimizer("sgd")
            .setLearningRate(Double.MIN_VALUE)
            .setWorkers(1)
            .setEpochs(1)
            .setInitialParameters(new float[] {0, 1, 0, 0})
            .fit(Rows.in(1, rows));

    FeatureImportance x =
        PermutationImportance.of(model, Rows.in(1, rows), List.of(A), 2, 1).get(0);

    assertThat(x.meanLossIncrease()).isCloseTo(1, within(1e-12));
    assertThat(x.meanAccuracyDrop()).isEqualTo(1);
    model.setThresholds(new double[] {1, 0});
    // Class 1 is predicted for every row.
    assertThat(
            PermutationImportance.of(model, Rows.in(1, rows), List.of(A), 2, 1)
                .get(0)
                .meanAccuracyDrop())
        .isZero();
  }

  @Test
  void theLossOfSeveralOutputsIsTheirMean() {
    // The outputs are a and b.
    List<Row> rows = List.of(Rows.of(0, 1, 4), Rows.of(0, 3, 5));
    Dataset<Row> table = Rows.in(1, rows).drop("label").withColumn("label", col("features"));
    NeuralNetworkRegressionModel model = nothingLearned(1, 0, 0, 1, 0, 0).fit(table);

    List<FeatureImportance> importances =
        PermutationImportance.of(model, table, List.of(A, B), 1, 1);

    assertThat(importances)
        .containsExactly(
            new FeatureImportance("a", 4 / 2.0, 0, Double.NaN),
            new FeatureImportance("b", 1 / 2.0, 0, Double.NaN));
    assertThatThrownBy(
            () ->
                PermutationImportance.of(
                    model,
                    table.withColumn("label", array_to_vector(array(lit(1.0)))),
                    List.of(A),
                    1,
                    1))
        .isInstanceOf(ConveneException.class)
        .hasMessage("a row has 1 labels, but the model has 2 outputs");
  }

  @Test
  void importanceFollowsTheWeightsAndAnUnusedFeatureHasNone() {
    Random random = new Random(3);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      double[] x = random.doubles(4).toArray();
      rows.add(Rows.of(1 + 2 * x[0] - 3 * x[1] + 0.5 * x[3], x));
    }

    List<FeatureImportance> importances =
        PermutationImportance.of(
            plane(rows, 2, -3, 0, 0.5f, 1),
            Rows.in(2, rows),
            List.of(A, B, FeatureGroup.of("unused", 2), FeatureGroup.of("d", 3)),
            5,
            1);

    assertThat(importances)
        .extracting(FeatureImportance::name)
        .containsExactly("b", "a", "d", "unused");
    // The model is exact, and two independent uniform numbers differ by 1/6 in the mean square.
    assertThat(importances.get(0).meanLossIncrease()).isCloseTo(9 / 6.0, within(0.1));
    assertThat(importances.get(1).meanLossIncrease()).isCloseTo(4 / 6.0, within(0.05));
    assertThat(importances.get(2).meanLossIncrease()).isCloseTo(0.25 / 6, within(0.005));
    assertThat(importances.get(0).standardDeviation()).isBetween(1e-6, 0.2);
    assertThat(importances.get(3)).isEqualTo(new FeatureImportance("unused", 0, 0, Double.NaN));
  }

  @Test
  void theMeanGoesToThatOverAllPairsOfRows() {
    List<Row> rows = Rows.plane(30);
    double switched = 0;
    double original = 0;
    for (Row row : rows) {
      original += squaredError(row, row) / 30;
      for (Row other : rows) {
        switched += row == other ? 0 : squaredError(row, other) / (30 * 29);
      }
    }
    int repeats = 400;

    FeatureImportance a =
        PermutationImportance.of(
                plane(rows, 2, -2.5f, 0.5f, 0), Rows.in(1, rows), List.of(A), repeats, 11)
            .get(0);

    assertThat(a.meanLossIncrease())
        .isCloseTo(switched - original, within(3 * a.standardDeviation() / Math.sqrt(repeats)));
    assertThat(a.standardDeviation()).isLessThan((switched - original) / 3);
  }

  /** Of 2 a - 2.5 b + 0.5 c with another row's a. */
  private static double squaredError(Row row, Row other) {
    Vector x = row.getAs(0);
    double a = other.<Vector>getAs(0).apply(0);
    double error = 2 * a - 2.5 * x.apply(1) + 0.5 * x.apply(2) - row.getDouble(1);
    return error * error;
  }

  @Test
  void neitherPartitionsNorOrderShow() {
    // Two chunks.
    List<Row> rows = Rows.plane(16_385);
    NeuralNetworkRegressionModel model = plane(rows.subList(0, 10), 1, -1, 2, 0);
    List<FeatureGroup> groups = List.of(A, B, FeatureGroup.of("c", 2));
    List<FeatureImportance> expected =
        PermutationImportance.of(model, Rows.in(1, rows), groups, 2, 5);
    Collections.shuffle(rows, new Random(1));

    assertThat(PermutationImportance.of(model, Rows.in(2, rows), groups, 2, 5)).isEqualTo(expected);
    assertThat(PermutationImportance.of(model, Rows.in(7, rows), groups, 2, 5)).isEqualTo(expected);
    assertThat(PermutationImportance.of(model, Rows.in(1, rows), groups, 2, 6))
        .isNotEqualTo(expected);
  }

  @Test
  void whatCannotBePermutedIsRefused() {
    List<Row> rows = Rows.plane(5);
    NeuralNetworkRegressionModel model = plane(rows, 1, 1, 1, 0);

    assertThatThrownBy(() -> new FeatureGroup("none", 2, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Feature group none from column 2 until 2 is empty.");
    assertThatThrownBy(() -> of(model, rows, new FeatureGroup("wide", 1, 4), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Feature group wide reaches column 3, but there are 3 features.");
    assertThatThrownBy(() -> of(model, rows, A, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("0 repeats: at least 1 is needed.");
    assertThatThrownBy(() -> of(model, List.of(), A, 1))
        .isInstanceOf(ConveneException.class)
        .hasMessage("the table has no rows");
    assertThatThrownBy(() -> of(model, List.of(Rows.of(1, 2)), A, 1))
        .isInstanceOf(ConveneException.class)
        .hasMessage("a row has 1 features, but the model was trained on 3");
  }

  private static List<FeatureImportance> of(
      NeuralNetworkModel model, List<Row> rows, FeatureGroup group, int repeats) {
    return PermutationImportance.of(model, Rows.in(1, rows), List.of(group), repeats, 1);
  }
}
