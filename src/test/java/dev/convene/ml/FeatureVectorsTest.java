package dev.convene.ml;

import static dev.convene.ml.Failures.refuses;
import static org.apache.spark.ml.functions.vector_to_array;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;
import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.ExitStatus;
import dev.convene.report.Metrics;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Features in the forms that users have them in, by the same network as their vectors. */
@Tag("spark")
class FeatureVectorsTest {
  /** Whole numbers, which each of the types holds. */
  private static Dataset<Row> whole() {
    UDF1<Vector, Vector> rounded =
        vector -> {
          double[] values = vector.toArray().clone();
          for (int i = 0; i < values.length; i++) {
            values[i] = Math.round(10 * values[i]);
          }
          return Vectors.dense(values);
        };
    return Rows.in(2, Rows.classes(90, 3))
        .withColumn(
            "features",
            udf(rounded, new org.apache.spark.ml.linalg.VectorUDT()).apply(col("features")));
  }

  private static NeuralNetworkClassifier classifier() {
    return new NeuralNetworkClassifier().setEpochs(2).setWorkers(2).setHidden(new int[] {4});
  }

  private static void assertSame(Dataset<Row> rows) {
    NeuralNetworkClassificationModel expected = classifier().fit(whole());
    NeuralNetworkClassificationModel model = classifier().fit(rows);

    assertThat(model.parameters()).isEqualTo(expected.parameters());
    Dataset<Row> scored = model.transform(rows);
    assertThat(scored.schema()).isEqualTo(model.transformSchema(rows.schema()));
    assertThat(scored.schema().apply("features")).isEqualTo(rows.schema().apply("features"));
    assertThat(scored.select("probability", "prediction").collectAsList())
        .isEqualTo(expected.transform(whole()).select("probability", "prediction").collectAsList());
    Metrics metrics = model.evaluate(rows, "rows");
    assertThat(metrics.summary()).isEqualTo(expected.evaluate(whole(), "rows").summary());
  }

  @ParameterizedTest
  @ValueSource(strings = {"double", "float", "int", "bigint", "decimal(9,2)"})
  void arraysOfNumbersAreFeatures(String type) {
    Column array = vector_to_array(col("features"), "float64").cast("array<" + type + ">");

    assertSame(whole().withColumn("features", array));
  }

  @Test
  void vectorsOfSparkMllibAreFeatures() {
    DataType old = new org.apache.spark.mllib.linalg.VectorUDT();
    UDF1<Vector, org.apache.spark.mllib.linalg.Vector> fromMl =
        vector -> org.apache.spark.mllib.linalg.Vectors.fromML(vector.compressed());

    assertSame(whole().withColumn("features", udf(fromMl, old).apply(col("features"))));
  }

  @Test
  void aRegressionTakesArraysToo() {
    Dataset<Row> rows = Rows.in(2, Rows.plane(60));
    Dataset<Row> arrays = rows.withColumn("features", vector_to_array(col("features"), "float64"));
    NeuralNetworkRegressor regressor = new NeuralNetworkRegressor().setEpochs(1).setWorkers(1);

    NeuralNetworkRegressionModel model = regressor.fit(arrays);

    assertThat(model.parameters()).isEqualTo(regressor.fit(rows).parameters());
    assertThat(model.transform(arrays).select("prediction").collectAsList())
        .isEqualTo(model.transform(rows).select("prediction").collectAsList());
  }

  @Test
  void anArrayWithoutANumberIsRefused() {
    Column two = array(lit(1.0), when(col("label").equalTo(1), 2.0));
    Dataset<Row> rows = Rows.in(1, Rows.classes(30, 3)).withColumn("features", two);

    refuses(
        () -> classifier().fit(rows),
        ExitStatus.DATA,
        "the feature 1 of a row is NaN: training needs numbers within float32's range; fill or drop"
            + " such rows");
  }

  @Test
  void aRowWithoutAnArrayIsRefused() {
    Column some = when(col("label").equalTo(1), array(lit(1.0), lit(2.0)));
    Dataset<Row> rows = Rows.in(1, Rows.classes(30, 3)).withColumn("features", some);

    refuses(
        () -> classifier().fit(rows),
        ExitStatus.DATA,
        "a training row lacks its features or its label: drop such rows");
  }

  @Test
  void textIsNoNumber() {
    Dataset<Row> rows =
        Rows.in(1, Rows.classes(30, 3)).withColumn("features", array(lit("1"), lit("2")));

    refuses(
        () -> classifier().fit(rows),
        ExitStatus.DATA,
        "column features (featuresCol) is of type array<string>: features are one vector, as"
            + " VectorAssembler makes it");
  }
}
