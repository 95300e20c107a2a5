package dev.convene.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convene.ConveneException;
import dev.convene.nn.Activation;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.Loss;
import dev.convene.report.AreasUnderCurves;
import dev.convene.report.CalibrationBin;
import dev.convene.report.ClassificationMetrics;
import dev.convene.report.EvaluatedRow;
import dev.convene.report.EvaluationSample;
import dev.convene.report.RegressionMetrics;
import dev.convene.testkit.LocalSpark;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.evaluation.BinaryClassificationEvaluator;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("spark")
class EvaluationTest {

  private static NeuralNetworkClassificationModel classifier(List<Row> rows) {
    return new NeuralNetworkClassifier()
        .setWorkers(1)
        .setEpochs(5)
        .setBatchSize(10)
        .setLearningRate(0.02)
        .fit(Rows.in(1, rows));
  }

  @Test
  void aBinaryClassifierHasTheAreasOfMllibsEvaluator() {
    List<Row> rows = Rows.classes(301, 2);
    NeuralNetworkClassificationModel model = classifier(rows);
    BinaryClassificationEvaluator mllib =
        new BinaryClassificationEvaluator().setRawPredictionCol("probability").setNumBins(0);
    Dataset<Row> transformed = model.transform(Rows.in(2, rows));

    AreasUnderCurves areas =
        model.evaluate(Rows.in(3, rows), "the rows").areasUnderCurves().orElseThrow();

    assertThat(areas.roc()).isBetween(0.6, 0.999);
    assertThat(areas.roc())
        .isCloseTo(mllib.setMetricName("areaUnderROC").evaluate(transformed), within(1e-9));
    assertThat(areas.precisionRecall())
        .isCloseTo(mllib.setMetricName("areaUnderPR").evaluate(transformed), within(1e-9));
    assertThat(model.evaluate(Rows.in(1, List.of(rows.get(0))), "a row").areasUnderCurves())
        .contains(AreasUnderCurves.UNDEFINED);
    assertThat(
            classifier(Rows.classes(30, 3))
                .evaluate(Rows.in(1, rows), "the rows")
                .areasUnderCurves())
        .isEmpty();
  }

  @Test
  void neitherPartitionsNorOrderShow() {
    List<Row> rows = Rows.classes(1003, 2);
    NeuralNetworkClassificationModel model = classifier(rows);
    ClassificationMetrics expected = model.evaluate(Rows.in(1, rows), "the rows");
    Collections.shuffle(rows, new Random(4));

    ClassificationMetrics metrics = model.evaluate(Rows.in(7, rows), "the rows");

    assertThat(metrics.loss()).isEqualTo(expected.loss());
    assertThat(metrics.calibration()).isEqualTo(expected.calibration());
    assertThat(metrics.areasUnderCurves()).isEqualTo(expected.areasUnderCurves());
  }

  @Test
  void neitherPartitionsNorOrderShowInTheSample() {
    List<Row> rows = Rows.classes(1203, 2);
    NeuralNetworkClassificationModel model = classifier(rows);
    EvaluationSample expected = sample(model, Rows.in(1, rows));
    Collections.shuffle(rows, new Random(4));

    EvaluationSample sample = sample(model, Rows.in(7, rows));

    assertThat(sample.random()).hasSize(1000);
    assertThat(sample.random().stream().map(EvaluatedRow::loss))
        .containsExactlyElementsOf(expected.random().stream().map(EvaluatedRow::loss).toList());
    assertThat(sample.scores().orElseThrow().curve(0))
        .isEqualTo(expected.scores().orElseThrow().curve(0));
  }

  private static EvaluationSample sample(
      NeuralNetworkClassificationModel model, Dataset<Row> rows) {
    SampledColumns columns = SampledColumns.of(rows.schema(), List.of(), true);
    return model.evaluate(rows, "the rows", columns).sample();
  }

  @Test
  void countsWhatTransformPredictsWithThresholdsAndWithout() {
    List<Row> rows = Rows.classes(200, 3);
    NeuralNetworkClassificationModel model = classifier(rows);
    List<Row> asTheyAre = model.transform(Rows.in(2, rows)).collectAsList();
    requireCounted(asTheyAre, model.evaluate(Rows.in(2, rows), "the rows"));

    model.setThresholds(new double[] {0.1, 0.5, 0.4});

    List<Row> shifted = model.transform(Rows.in(2, rows)).collectAsList();
    requireCounted(shifted, model.evaluate(Rows.in(2, rows), "the rows"));
    assertThat(confusion(shifted)).isNotEqualTo(confusion(asTheyAre));
  }

  private static void requireCounted(List<Row> transformed, ClassificationMetrics metrics) {
    assertThat(metrics.confusionMatrix()).isDeepEqualTo(confusion(transformed));
    double[] probability = new double[10];
    long[] rows = new long[10];
    long[] right = new long[10];
    for (Row row : transformed) {
      int prediction = (int) row.<Double>getAs("prediction").doubleValue();
      double p = row.<Vector>getAs("probability").apply(prediction);
      int bin = (int) (p * 10);
      probability[bin] += p;
      rows[bin]++;
      right[bin] += row.<Double>getAs("label") == prediction ? 1 : 0;
    }
    for (int i = 0; i < 10; i++) {
      CalibrationBin bin = metrics.calibration().get(i);
      assertThat(bin.rows()).isEqualTo(rows[i]);
      if (rows[i] > 0) {
        assertThat(bin.meanProbability()).isCloseTo(probability[i] / rows[i], within(1e-6));
        assertThat(bin.shareRight()).isEqualTo((double) right[i] / rows[i]);
      }
    }
  }

  private static long[][] confusion(List<Row> transformed) {
    long[][] counts = new long[3][3];
    for (Row row : transformed) {
      counts[(int) row.<Double>getAs("label").doubleValue()][
          (int) row.<Double>getAs("prediction").doubleValue()]++;
    }
    return counts;
  }

  @Test
  void thresholdsAreAsManyAsClasses() {
    List<Row> rows = Rows.classes(20, 2);
    NeuralNetworkClassificationModel model = classifier(rows);
    model.set(model.thresholds(), new double[] {0.1, 0.5, 0.4});

    assertThatThrownBy(() -> model.evaluate(Rows.in(1, rows), "the rows"))
        .isInstanceOf(ConveneException.class)
        .hasMessage("there are 3 thresholds, but the model has 2 classes: set one for each class");
  }

  @Test
  void severalOutputsAreComparedOneByOne() {
    // Outputs x and 2 x + 1.
    List<Row> rows = new ArrayList<>();
    rows.add(RowFactory.create(Vectors.dense(1), Vectors.dense(2, 3)));
    rows.add(RowFactory.create(Vectors.dense(3), Vectors.dense(0, 4)));

    RegressionMetrics metrics = evaluate(rows);

    // Errors 1 and 3, 0 and 3; deviations 2 and 1/2.
    assertThat(metrics.byOutput())
        .containsExactly(
            new RegressionMetrics.Output(5, 2, 1 - 10 / 2.0),
            new RegressionMetrics.Output(4.5, 1.5, 1 - 9 / 0.5));
  }

  @Test
  void labelsThatCannotBeComparedAreRefused() {
    assertThatThrownBy(
            () -> evaluate(List.of(RowFactory.create(Vectors.dense(1), Vectors.dense(2)))))
        .hasRootCauseInstanceOf(ConveneException.class)
        .hasRootCauseMessage("a row of the rows has 1 labels, but the model has 2 outputs");
    assertThatThrownBy(
            () ->
                evaluate(
                    List.of(RowFactory.create(Vectors.dense(1), Vectors.dense(2, Double.NaN)))))
        .hasRootCauseInstanceOf(ConveneException.class)
        .hasRootCauseMessage("a label of the rows is NaN: labels are finite numbers");
  }

  private static RegressionMetrics evaluate(List<Row> rows) {
    DenseNetwork network =
        DenseNetwork.of(1, List.of(), 2, Activation.RELU, 0, Loss.MEAN_SQUARED_ERROR);
    StructType schema =
        new StructType().add("features", new VectorUDT()).add("label", new VectorUDT());
    return (RegressionMetrics)
        Evaluation.regression(
                new TrainedNetwork(network, new float[] {1, 2, 0, 1}, 1, List.of()),
                LocalSpark.session().createDataFrame(rows, schema),
                "the rows",
                "features",
                "label",
                SampledColumns.NONE)
            .metrics();
  }
}
