package dev.convene.ml;

import static dev.convene.ml.Failures.refuses;
import static org.apache.spark.ml.functions.array_to_vector;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convene.ExitStatus;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.regression.LinearRegression;
import org.apache.spark.ml.regression.LinearRegressionModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("spark")
class SeveralOutputsTest {
  private static final Dataset<Row> ROWS =
      Rows.in(2, Rows.plane(200))
          .withColumn(
              "other", col("label").multiply(-0.5).plus(col("label").multiply(col("label"))))
          .withColumn("weight", lit(2).plus(col("validation").cast("int")))
          .withColumn("targets", array_to_vector(array(col("label"), col("other"))));

  @TempDir Path folder;

  private static NeuralNetworkRegressor linear() {
    return new NeuralNetworkRegressor()
        .setLabelCol("targets")
        .setOptimizer("sgd")
        .setLearningRate(0.6)
        .setBatchSize(0)
        .setWorkers(1)
        .setEpochs(60);
  }

  @Test
  void eachOutputIsTheRegressionOfItsTarget() {
    float[] ours = linear().setWeightCol("weight").fit(ROWS).parameters();

    // weight [out][in], then bias [out]
    assertThat(ours).hasSize(2 * 3 + 2);
    for (int output = 0; output < 2; output++) {
      LinearRegressionModel theirs =
          new LinearRegression()
              .setLabelCol(output == 0 ? "label" : "other")
              .setWeightCol("weight")
              .fit(ROWS);
      for (int input = 0; input < 3; input++) {
        assertThat((double) ours[output * 3 + input])
            .isCloseTo(theirs.coefficients().apply(input), within(1e-3));
      }
      assertThat((double) ours[6 + output]).isCloseTo(theirs.intercept(), within(1e-3));
    }
  }

  @Test
  void fittingByAParamMapSetsTheParentAndKeepsParams() throws Exception {
    NeuralNetworkRegressor regressor = linear().setLabelCol("label");

    NeuralNetworkRegressionModel model =
        regressor.fit(
            ROWS, new ParamMap().put(regressor.labelCol(), "targets").put(regressor.epochs(), 1));
    model.save(folder.resolve("model").toString());
    NeuralNetworkRegressionModel loaded =
        NeuralNetworkRegressionModel.load(folder.resolve("model").toString());

    assertThat(model.getLabelCol()).isEqualTo("targets");
    assertThat(model.parent().uid()).isEqualTo(regressor.uid());
    assertThat(model.summary().totalIterations()).isEqualTo(1);
    assertThat(loaded.network()).isEqualTo(model.network());
    assertThat(loaded.network().outputs()).isEqualTo(2);
    assertThat(loaded.parameters()).isEqualTo(model.parameters());
  }

  private static Dataset<Row> assembled(String... targets) {
    return new VectorAssembler()
        .setInputCols(targets)
        .setOutputCol("named")
        .transform(ROWS.drop("targets"));
  }

  @Test
  void outputsHaveTheNamesOfTheirTargets() throws IOException {
    NeuralNetworkRegressionModel model =
        linear().setLabelCol("named").fit(assembled("label", "other"));
    model.save(folder.resolve("named").toString());
    NeuralNetworkRegressionModel loaded =
        NeuralNetworkRegressionModel.load(folder.resolve("named").toString());

    assertThat(loaded.outputNames()).containsExactly("label", "other");
    assertThat(
            OutputNames.of(
                loaded.transform(assembled("label", "other")).schema().apply("prediction")))
        .containsExactly("label", "other");
    assertThat(loaded.evaluate(assembled("label", "other"), "rows").summary())
        .isEqualTo(model.evaluate(ROWS.withColumn("named", col("targets")), "rows").summary());
    refuses(
        () -> loaded.evaluate(assembled("other", "label"), "rows"),
        ExitStatus.DATA,
        "the labels of rows are other, label, but the outputs of the model are label, other: give it"
            + " those labels, in that order");
    refuses(
        () -> loaded.evaluate(assembled("label", "weight"), "rows"),
        ExitStatus.DATA,
        "the labels of rows are label, weight, but the outputs of the model are label, other: give"
            + " it those labels, in that order");
  }

  @Test
  void targetsWithoutNamesGiveNone() {
    assertThat(linear().fit(ROWS).outputNames()).isEmpty();
    assertThat(linear().setLabelCol("label").fit(ROWS).outputNames()).isEmpty();
  }

  @Test
  void oneTargetIsANumber() {
    Dataset<Row> rows = ROWS.withColumn("targets", array_to_vector(array(col("label"))));

    refuses(
        () -> linear().fit(rows),
        ExitStatus.DATA,
        "column targets has vectors of 1 numbers: make one target a column of numbers");
  }
}
