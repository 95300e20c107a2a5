package dev.convene.train;

import static dev.convene.GoldenNumbers.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.GoldenNumbers;
import dev.convene.blas.BlasChoice;
import dev.convene.blas.NativeBlas;
import dev.convene.nn.DenseNetwork;
import dev.convene.optim.Sgd;
import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.JavaBLAS;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The tables that the lecture prints, through the training loop: full batch, plain SGD. */
class LectureTablesTest {
  private static final JsonNode TABLES = GoldenNumbers.read("seed-tables");
  private static final JsonNode CLASSIFIER = TABLES.get("softmaxClassifier");
  private static final DenseNetwork SOFTMAX = Plan.classifier(3, List.of(), 3, 0);
  private static final DenseNetwork LINEAR = Plan.linearRegression(3);

  static List<BLAS> blas() {
    return List.of(JavaBLAS.getInstance(), NativeBlas.load(BlasChoice.DEFAULT).blas());
  }

  static Stream<Arguments> softmaxTables() {
    return blas().stream()
        .flatMap(
            blas ->
                Stream.of("earlyStopping", "learningRateTooSmall", "learningRateRight")
                    .map(name -> Arguments.of(blas, name)));
  }

  @ParameterizedTest
  @MethodSource("softmaxTables")
  void softmaxRegressionCosts(BLAS blas, String name) {
    JsonNode table = CLASSIFIER.get(name);

    assertCosts(table, train(table, SOFTMAX, classifierRows(), blas, 20), 1e-5);
  }

  @ParameterizedTest
  @MethodSource("blas")
  void softmaxRegressionOnTestRows(BLAS blas) {
    JsonNode table = CLASSIFIER.get("earlyStopping");
    float[] parameters = train(table, SOFTMAX, classifierRows(), blas, 20).parameters();
    InMemoryRows test = rows(CLASSIFIER.get("xTest"), CLASSIFIER.get("yTest"));

    LossSum sum =
        ShardValidation.of(SOFTMAX, ValidationMetric.LOSS, parameters, test.oneShard().get(0), blas)
            .losses();

    assertClose("test cost", sum.loss(), table.get("testCost").doubleValue(), 1e-5, 0);
    assertThat(sum.accuracy()).isEqualTo(table.get("testAccuracy").doubleValue());
  }

  @ParameterizedTest
  @MethodSource("blas")
  void softmaxRegressionWithALearningRateFarTooLarge(BLAS blas) {
    JsonNode table = CLASSIFIER.get("learningRateTooLarge");

    assertCosts(table, train(table, SOFTMAX, classifierRows(), blas, 20), 1e-3);
  }

  @Test
  void aLearningRateFarTooLargeStopsTraining() {
    JsonNode table = CLASSIFIER.get("learningRateTooLarge");
    Plan plan = Plan.of(SOFTMAX, Sgd.plain(), 1e5).epochs(20);

    assertThatThrownBy(() -> train(plan, table, classifierRows(), JavaBLAS.getInstance()))
        .isInstanceOfSatisfying(
            ConveneException.class,
            failure -> assertThat(failure.status()).isEqualTo(ExitStatus.DIVERGED))
        .hasMessage(
            "training diverged in epoch 2, round 1: worker 0 has a training loss of 976951, more"
                + " than 1000.0 times the first epoch's 1.28027, at learning rate 100000.0. Try a smaller learning rate, or scale the features; on-divergence = continue would go on");
  }

  @ParameterizedTest
  @MethodSource("blas")
  void linearRegressionOfStandardizedFeatures(BLAS blas) {
    JsonNode table = TABLES.get("linearRegressionStandardized");
    JsonNode data = TABLES.get("standardization");
    InMemoryRows rows = rows(data.get("standardized"), data.get("y"));

    assertCosts(table, train(table, LINEAR, rows, blas, 20), 1e-5);
  }

  @ParameterizedTest
  @MethodSource("blas")
  void linearRegressionOfRawFeatures(BLAS blas) {
    JsonNode table = TABLES.get("linearRegressionRaw");
    JsonNode data = TABLES.get("standardization");
    InMemoryRows rows = rows(data.get("x"), data.get("y"));
    double[] costs = GoldenNumbers.doubles(table.get("costPerEpoch"));
    TrainingResult result = train(table, LINEAR, rows, blas, 21);
    assertThat(result.history()).hasSize(costs.length);
    for (EpochRecord record : result.history()) {
      double cost = costs[record.epoch() - 1];
      double rounding = GoldenNumbers.squaredErrorRounding(cost, 4, 196);
      assertClose("cost of epoch " + record.epoch(), record.trainLoss(), cost, 1e-6, rounding);
    }

    JsonNode hypotheses = table.get("hypothesisPerEpoch");
    assertThat(hypotheses).hasSize(21);
    for (int epoch = 1; epoch <= 20; epoch++) {
      float[] parameters = train(table, LINEAR, rows, blas, epoch).parameters();
      float[] outputs =
          LINEAR.forwardPass(5, blas).outputs(parameters, GoldenNumbers.floats(data.get("x")), 5);

      assertClose(
          "hypothesis after epoch " + epoch,
          Arrays.copyOf(outputs, 5),
          GoldenNumbers.floats(hypotheses.get(epoch)),
          1e-5,
          0);
    }
  }

  private static TrainingResult train(
      JsonNode table, DenseNetwork network, InMemoryRows rows, BLAS blas, int epochs) {
    double rate = table.get("learningRate").doubleValue();
    Plan plan = Plan.of(network, Sgd.plain(), rate).epochs(epochs).continueOnDivergence();
    return train(plan, table, rows, blas);
  }

  private static TrainingResult train(Plan plan, JsonNode table, InMemoryRows rows, BLAS blas) {
    float[] weight = GoldenNumbers.floats(table.get("initialWeight"));
    float[] bias = GoldenNumbers.floats(table.get("initialBias"));
    float[] parameters = Arrays.copyOf(weight, weight.length + bias.length);
    System.arraycopy(bias, 0, parameters, weight.length, bias.length);
    return plan.loop(plan.workers(blas, rows.oneShard())).run(parameters);
  }

  private static void assertCosts(JsonNode table, TrainingResult result, double relative) {
    double[] costs = GoldenNumbers.doubles(table.get("costPerEpoch"));
    assertThat(result.history()).hasSize(costs.length);
    for (EpochRecord record : result.history()) {
      assertClose(
          "cost of epoch " + record.epoch(),
          record.trainLoss(),
          costs[record.epoch() - 1],
          relative,
          0);
    }
  }

  private static InMemoryRows classifierRows() {
    return rows(CLASSIFIER.get("x"), CLASSIFIER.get("y"));
  }

  private static InMemoryRows rows(JsonNode x, JsonNode y) {
    return new InMemoryRows(3, GoldenNumbers.floats(x), GoldenNumbers.floats(y));
  }
}
