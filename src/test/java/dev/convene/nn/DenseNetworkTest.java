package dev.convene.nn;

import static dev.convene.Ones.ones;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ludovic.netlib.blas.JavaBLAS;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DenseNetworkTest {
  @Test
  void laysItsLayersOutOneAfterTheOther() {
    DenseNetwork network = network(784, List.of(256, 256), 10, Loss.SOFTMAX_CROSS_ENTROPY);

    assertThat(network.layers())
        .containsExactly(
            new DenseLayer(784, 256, 0),
            new DenseLayer(256, 256, 200_960),
            new DenseLayer(256, 10, 266_752));
    assertThat(network.parameterCount()).isEqualTo(269_322);
    assertThat(network.inputs()).isEqualTo(784);
    assertThat(network.outputs()).isEqualTo(10);
    assertThat(network.targetsPerRow()).isEqualTo(1);
    assertThat(network(3, List.of(), 2, Loss.MEAN_SQUARED_ERROR).targetsPerRow()).isEqualTo(2);
  }

  @Test
  void isReadFromItsDescription() {
    for (Activation activation : ActivationTest.activations().toList()) {
      for (List<Integer> hidden : List.of(List.<Integer>of(), List.of(256), List.of(7, 3))) {
        DenseNetwork network =
            DenseNetwork.of(5, hidden, 2, activation, 0.3, Loss.MEAN_SQUARED_ERROR);
        assertThat(DenseNetwork.parse(network.description(), 5, 2, Loss.MEAN_SQUARED_ERROR))
            .isEqualTo(network);
      }
    }
    assertThat(
            DenseNetwork.of(
                    5, List.of(7, 3), 2, Activation.LEAKY_RELU, 0.3, Loss.MEAN_SQUARED_ERROR)
                .description())
        .isEqualTo("hidden=[7, 3] activation=leaky-relu dropout=0.3");
  }

  @Test
  void ratesOfDropoutAreReadFromTheDescription() {
    DenseNetwork each = dropping(new DropoutRates(0.1f, List.of(0.2f, 0.5f)));
    DenseNetwork inputs = dropping(new DropoutRates(0.25f, List.of(0f, 0f)));

    assertThat(each.description())
        .isEqualTo("hidden=[7, 3] activation=tanh dropout=[0.2, 0.5] input-dropout=0.1");
    assertThat(inputs.description())
        .isEqualTo("hidden=[7, 3] activation=tanh dropout=0.0 input-dropout=0.25");
    for (DenseNetwork network : List.of(each, inputs)) {
      assertThat(DenseNetwork.parse(network.description(), 5, 2, Loss.MEAN_SQUARED_ERROR))
          .isEqualTo(network);
    }
    assertRefused("dropout=[0.2]", "there are 2 hidden layers, but 1 rates of dropout");
    assertRefused("dropout=[0.2, 1.0]", "a rate of dropout is in [0, 1), and not 1.0");
    assertRefused("dropout=0.2 input-dropout=-1", "a rate of dropout is in [0, 1), and not -1.0");
  }

  private static void assertRefused(String dropout, String message) {
    String description = "hidden=[7, 3] activation=tanh " + dropout;
    assertThatThrownBy(() -> DenseNetwork.parse(description, 5, 2, Loss.MEAN_SQUARED_ERROR))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  private static DenseNetwork dropping(DropoutRates dropout) {
    return DenseNetwork.of(5, List.of(7, 3), 2, Activation.TANH, dropout, Loss.MEAN_SQUARED_ERROR);
  }

  @Test
  void namesTheLayersThatDrop() {
    assertThat(dropping(new DropoutRates(0, List.of(0f, 0.5f))).summary())
        .extracting(LayerSummary::activation)
        .containsExactly("tanh", "tanh, dropout", "none");
  }

  @Test
  void refusesADescriptionOfNone() {
    assertThatThrownBy(() -> DenseNetwork.parse("{}", 5, 2, Loss.MEAN_SQUARED_ERROR))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no dense network is described by {}");
    assertThatThrownBy(
            () ->
                DenseNetwork.parse(
                    "hidden=[3] activation=step dropout=0", 5, 2, Loss.MEAN_SQUARED_ERROR))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there is no activation step");
  }

  @Test
  void refusesMoreParametersThanAnArrayHolds() {
    assertThatThrownBy(() -> network(50_000, List.of(50_000), 2, Loss.MEAN_SQUARED_ERROR))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a network of widths 50000 [50000, 2] has more than 2^31 parameters");
  }

  @Test
  void readsWeightsByOutputThenBiases() {
    // Row (1, 10): outputs 1 + 2 * 10 + 100 and 3 + 4 * 10 + 200, and the bias alone for (0, 0).
    DenseNetwork network = network(2, List.of(), 2, Loss.MEAN_SQUARED_ERROR);
    float[] parameters = {1, 2, 3, 4, 100, 200};

    float[] outputs =
        network
            .forwardPass(2, JavaBLAS.getInstance())
            .outputs(parameters, new float[] {1, 10, 0, 0}, 2);

    assertThat(Arrays.copyOf(outputs, 4)).containsExactly(121, 243, 100, 200);
  }

  @Test
  void scoresWithoutDropout() {
    List<Integer> hidden = List.of(9, 4, 7);
    DropoutRates rates = new DropoutRates(0.5f, List.of(0.9f, 0.9f, 0.1f));
    DenseNetwork dropping =
        DenseNetwork.of(3, hidden, 2, Activation.TANH, rates, Loss.SOFTMAX_CROSS_ENTROPY);
    float[] parameters = Initializer.XAVIER.initialParameters(dropping, 1);
    float[] x = {1, 2, 3};

    assertThat(dropping.forwardPass(1, JavaBLAS.getInstance()).outputs(parameters, x, 1))
        .isEqualTo(
            network(3, hidden, 2, Loss.SOFTMAX_CROSS_ENTROPY)
                .forwardPass(1, JavaBLAS.getInstance())
                .outputs(parameters, x, 1));
  }

  @Test
  void predictsTheFirstOfTheLargestOutputs() {
    float[] outputs = {0, 1, 2, 5, 5, 4, -1, -3, -2};

    assertThat(Predictions.predictedClass(outputs, 0, 3)).isEqualTo(2);
    assertThat(Predictions.predictedClass(outputs, 3, 3)).isEqualTo(0);
    assertThat(Predictions.predictedClass(outputs, 6, 3)).isEqualTo(0);
    float[] targets = {2, 1, 0};
    assertThat(Predictions.correct(outputs, new RowBuffer(null, targets, ones(3)), 3, 3))
        .isEqualTo(2);
    assertThat(
            Predictions.correct(
                outputs, new RowBuffer(null, targets, new float[] {0.5f, 8, 3}), 3, 3))
        .isEqualTo(3.5);
  }

  private static DenseNetwork network(int inputs, List<Integer> hidden, int outputs, Loss loss) {
    return DenseNetwork.of(inputs, hidden, outputs, Activation.TANH, 0, loss);
  }
}
