package dev.convene.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import dev.convene.ConveneException;
import dev.convene.report.RegressionMetrics;
import dev.convene.train.EpochRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.ml.regression.LinearRegression;
import org.apache.spark.ml.regression.LinearRegressionModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.ml.tuning.TrainValidationSplit;
import org.apache.spark.ml.tuning.TrainValidationSplitModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import scala.Predef;

@Tag("spark")
class NeuralNetworkRegressorTest {
  private static final List<Row> ROWS = Rows.plane(200);

  /** A full batch and a rate at which the error of the squared loss shrinks fast. */
  private static NeuralNetworkRegressor linear() {
    return new NeuralNetworkRegressor()
        .setOptimizer("sgd")
        .setLearningRate(0.4)
        .setBatchSize(0)
        .setWorkers(1)
        .setEpochs(30);
  }

  @Test
  void findsThePlaneThatMllibsLinearRegressionFinds() {
    LinearRegressionModel theirs = new LinearRegression().fit(Rows.in(2, ROWS));

    float[] ours = linear().fit(Rows.in(2, ROWS)).parameters();

    assertThat(ours).hasSize(4);
    for (int i = 0; i < 3; i++) {
      assertThat((double) ours[i]).isCloseTo(theirs.coefficients().apply(i), within(1e-4));
    }
    assertThat((double) ours[3]).isCloseTo(theirs.intercept(), within(1e-4));
  }

  @Test
  void neitherPartitionsNorOrderChangeTheParameters() {
    NeuralNetworkRegressor regressor =
        linear()
            .setHidden(new int[] {5})
            .setLearningRate(0.02)
            .setBatchSize(16)
            .setWorkers(3)
            .setEpochs(2);
    float[] expected = regressor.fit(Rows.in(1, ROWS)).parameters();
    List<Row> shuffled = new ArrayList<>(ROWS);
    Collections.shuffle(shuffled, new Random(3));

    assertThat(expected).hasSize((3 + 1) * 5 + 6);
    assertThat(regressor.fit(Rows.in(7, shuffled)).parameters()).isEqualTo(expected);
  }

  @Test
  void evaluateGivesWhatMllibsEvaluatorsGive() {
    NeuralNetworkRegressionModel model = linear().setEpochs(2).fit(Rows.in(2, ROWS));
    Dataset<Row> transformed = model.transform(Rows.in(2, ROWS));

    RegressionMetrics metrics = model.evaluate(Rows.in(3, ROWS), "the rows");

    assertThat(metrics.rows()).isEqualTo(200);
    assertThat(metrics.loss()).isCloseTo(metric("mse", transformed), within(1e-6));
    assertThat(metrics.rmse()).isCloseTo(metric("rmse", transformed), within(1e-6));
    assertThat(metrics.r2()).isCloseTo(metric("r2", transformed), within(1e-6));
  }

  private static double metric(String name, Dataset<Row> transformed) {
    return new RegressionEvaluator().setMetricName(name).evaluate(transformed);
  }

  @Test
  void validationRowsAreNotTrainedOn() {
    List<Row> trainingRows = ROWS.stream().filter(row -> !row.getBoolean(2)).toList();

    NeuralNetworkRegressionModel model =
        linear().setValidationIndicatorCol("validation").setEpochs(3).fit(Rows.in(4, ROWS));

    assertThat(model.parameters())
        .isEqualTo(linear().setEpochs(3).fit(Rows.in(2, trainingRows)).parameters());
    EpochRecord last = model.history().get(2);
    List<Row> validationRows = ROWS.stream().filter(row -> row.getBoolean(2)).toList();
    assertThat(last.validationLoss())
        .isCloseTo(model.evaluate(Rows.in(1, validationRows), "the rows").loss(), within(1e-6));
    assertThat(last.trainAccuracy()).isNull();
    assertThat(last.validationAccuracy()).isNull();
  }

  @Test
  void mllibsTrainValidationSplitChoosesAmongItsSettings() {
    NeuralNetworkRegressor regressor = linear().setEpochs(5);

    TrainValidationSplitModel chosen =
        new TrainValidationSplit()
            .setEstimator(regressor)
            .setEvaluator(new RegressionEvaluator())
            .setEstimatorParamMaps(
                new ParamGridBuilder()
                    .addGrid(
                        regressor.learningRate(), Predef.wrapDoubleArray(new double[] {1e-9, 0.4}))
                    .build())
            .fit(Rows.in(2, ROWS));

    assertThat(((NeuralNetworkRegressionModel) chosen.bestModel()).getLearningRate())
        .isEqualTo(0.4);
  }

  @Test
  void noRowsAreRefused() {
    Dataset<Row> none = Rows.in(1, List.of());
    NeuralNetworkRegressionModel model = linear().setEpochs(1).fit(Rows.in(2, ROWS));

    assertThat(catchThrowable(() -> linear().fit(none)))
        .isInstanceOf(ConveneException.class)
        .hasMessage("there are no training rows");
    assertThat(catchThrowable(() -> model.evaluate(none, "data.test = new.csv")))
        .isInstanceOf(ConveneException.class)
        .hasMessage("data.test = new.csv has no rows");
  }

  @Test
  void aRowOfAnotherWidthOrWithoutLabelIsRefusedWhenEvaluated() {
    NeuralNetworkRegressionModel model = linear().setEpochs(1).fit(Rows.in(2, ROWS));
    Row hole = RowFactory.create(ROWS.get(0).get(0), null, false);

    assertThat(catchThrowable(() -> model.evaluate(Rows.in(1, List.of(hole)), "new rows")))
        .hasRootCauseInstanceOf(ConveneException.class)
        .hasRootCauseMessage("a row of new rows lacks its features or its label");
    assertThat(
            catchThrowable(() -> model.evaluate(Rows.in(1, List.of(Rows.of(0, 1, 2))), "new rows")))
        .hasRootCauseMessage("a row has 2 features, but the model was trained on 3");
  }
}
