package dev.convene.ml;

import static dev.convene.ml.Failures.refuses;
import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.ExitStatus;
import java.nio.file.Path;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("spark")
class InitialParametersTest {
  private static final Dataset<Row> ROWS = Rows.in(2, Rows.classes(60, 3));

  @TempDir Path folder;

  /** Its steps are too small to change a float. */
  private static NeuralNetworkClassifier still(int... hidden) {
    return new NeuralNetworkClassifier()
        .setHidden(hidden)
        .setOptimizer("sgd")
        .setLearningRate(Double.MIN_VALUE)
        .setEpochs(1)
        .setWorkers(2);
  }

  private static NeuralNetworkClassificationModel model(int... hidden) {
    return still(hidden).setSeed(42).setActivation("tanh").fit(ROWS);
  }

  @Test
  void trainingStartsFromTheModel() throws Exception {
    NeuralNetworkClassificationModel model = model(5);
    model.save(folder.resolve("model").toString());
    NeuralNetworkClassificationModel loaded =
        NeuralNetworkClassificationModel.load(folder.resolve("model").toString());
    NeuralNetworkClassifier warm =
        still(5).setActivation("tanh").setDropout(0.3).setInitialModel(loaded);

    assertThat(warm.fit(ROWS).parameters()).isEqualTo(model.parameters());
    assertThat(warm.copy(ParamMap.empty()).fit(ROWS).parameters()).isEqualTo(model.parameters());
    warm.setInitialModel(null);
    assertThat(warm.fit(ROWS).parameters()).isNotEqualTo(model.parameters());
  }

  @Test
  void theLastOfTheSettersCounts() {
    NeuralNetworkClassificationModel model = model();

    assertThat(
            still()
                .setInitialParameters(new float[15])
                .setInitialModel(model)
                .fit(ROWS)
                .parameters())
        .isEqualTo(model.parameters());
    assertThat(
            still()
                .setInitialModel(model)
                .setInitialParameters(new float[15])
                .fit(ROWS)
                .parameters())
        .containsOnly(0);
  }

  @Test
  void aModelOfAnotherShapeIsRefused() {
    refuses(
        () -> still(5).setInitialModel(model(4)).fit(ROWS),
        ExitStatus.DATA,
        "the initial model is a network of 4 inputs and layers of [4, 3] with tanh, but the one to"
            + " train has 4 inputs and layers of [5, 3] with relu: train from a model with the"
            + " same features, outputs, hidden layers and activation");
    // As many parameters are not enough.
    refuses(
        () -> still(4, 2).setActivation("tanh").setInitialModel(model(3, 4)).fit(ROWS),
        ExitStatus.DATA,
        "the initial model is a network of 4 inputs and layers of [3, 4, 3] with tanh, but the one"
            + " to train has 4 inputs and layers of [4, 2, 3] with tanh: train from a model with"
            + " the same features, outputs, hidden layers and activation");
  }

  @Test
  void aRegressorStartsFromARegressionModel() {
    NeuralNetworkRegressor regressor =
        new NeuralNetworkRegressor()
            .setOptimizer("sgd")
            .setLearningRate(Double.MIN_VALUE)
            .setEpochs(1)
            .setWorkers(1);
    NeuralNetworkRegressionModel model = regressor.setSeed(42).fit(ROWS);

    assertThat(regressor.setSeed(1).setInitialModel(model).fit(ROWS).parameters())
        .isEqualTo(model.parameters());
    refuses(
        () -> regressor.setInitialModel(model).fit(Rows.in(1, Rows.plane(9))),
        ExitStatus.DATA,
        "the initial model is a network of 4 inputs and layers of [1], but the one to train has 3"
            + " inputs and layers of [1]: train from a model with the same features, outputs,"
            + " hidden layers and activation");
  }
}
