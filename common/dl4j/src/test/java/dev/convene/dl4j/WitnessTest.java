package dev.convene.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convene.ConveneException;
import dev.convene.blas.NativeBlas;
import dev.convene.nn.Activation;
import dev.convene.nn.Backpropagation;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.Initializer;
import dev.convene.nn.LeakyRelu;
import dev.convene.nn.Loss;
import dev.convene.nn.RandomStream;
import dev.convene.nn.RandomStream.Purpose;
import dev.convene.nn.Softmax;
import dev.convene.optim.Adadelta;
import dev.convene.optim.Adagrad;
import dev.convene.optim.Adam;
import dev.convene.optim.AdamW;
import dev.convene.optim.Adamax;
import dev.convene.optim.Optimizer;
import dev.convene.optim.RmsProp;
import dev.convene.optim.Sgd;
import dev.convene.train.Round;
import dev.ludovic.netlib.blas.BLAS;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * DL4J computes what we compute: an independent witness of our mathematics. The largest deviations
 * are printed.
 */
class WitnessTest {
  private static final int ROWS = 17;
  private static BLAS blas;

  @BeforeAll
  static void prepare() {
    Nd4jRuntime.prepare();
    blas = NativeBlas.load().blas();
  }

  /** All that DL4J has, too. */
  static Stream<Activation> activations() {
    return Stream.concat(
        Activation.ALL.stream().filter(activation -> activation != Activation.GELU),
        Stream.of(new LeakyRelu(0.2)));
  }

  @Test
  void dl4jHasNoExactGelu() {
    DenseNetwork gelu =
        DenseNetwork.of(5, List.of(4), 2, Activation.GELU, 0, Loss.SOFTMAX_CROSS_ENTROPY);

    assertThatThrownBy(() -> DenseConfiguration.of(gelu, Sgd.plain(), 1))
        .isInstanceOf(ConveneException.class)
        .hasMessage("DL4J has no exact gelu: choose another activation, or leave DL4J out");
  }

  static List<DenseNetwork> networks() {
    List<DenseNetwork> networks = new ArrayList<>();
    RandomStream random = RandomStream.of(7, Purpose.ROW_ORDER);
    for (Loss loss : Loss.values()) {
      networks.add(DenseNetwork.of(5, List.of(), 4, Activation.RELU, 0, loss));
      for (Activation activation : activations().toList()) {
        for (int depth = 1; depth <= 3; depth++) {
          List<Integer> hidden = new ArrayList<>();
          for (int i = 0; i < depth; i++) {
            hidden.add(1 + random.nextInt(20));
          }
          int inputs = 1 + random.nextInt(30);
          int outputs = 2 + random.nextInt(6);
          networks.add(DenseNetwork.of(inputs, hidden, outputs, activation, 0, loss));
        }
      }
    }
    return networks;
  }

  @Test
  void forwardPassLossAndGradientAgree() {
    double forward = 0;
    double loss = 0;
    double gradient = 0;
    for (DenseNetwork network : networks()) {
      Batch batch = Batch.random(network, ROWS, 1);
      float[] parameters = Initializer.PYTORCH.initialParameters(network, 3);
      MultiLayerNetwork theirs = dl4j(network, Sgd.plain(), 1, parameters);
      INDArray theirOutputs = theirs.output(batch.dataSet().getFeatures());
      forward =
          Math.max(
              forward, deviation(probabilities(network, parameters, batch), floats(theirOutputs)));
      // DL4J divides the gradient by the rows later, when it updates.
      theirs.setInput(batch.dataSet().getFeatures());
      theirs.setLabels(batch.dataSet().getLabels());
      theirs.computeGradientAndScore();
      float[] ours = new float[parameters.length];
      double ourLoss = gradient(network, parameters, batch, ours);
      loss = Math.max(loss, Math.abs(ourLoss - theirs.score()));
      gradient =
          Math.max(gradient, deviation(ours, floats(theirs.gradient().gradient().div(ROWS))));
    }
    System.out.printf(
        "largest deviation over %d networks: outputs %.1e, loss %.1e, gradient %.1e%n",
        networks().size(), forward, loss, gradient);
    assertThat(forward).isLessThan(1e-5);
    assertThat(loss).isLessThan(1e-5);
    assertThat(gradient).isLessThan(1e-5);
  }

  static List<DenseNetwork> trainedNetworks() {
    return List.of(
        DenseNetwork.of(20, List.of(), 4, Activation.RELU, 0, Loss.SOFTMAX_CROSS_ENTROPY),
        DenseNetwork.of(20, List.of(16, 8), 4, Activation.RELU, 0, Loss.SOFTMAX_CROSS_ENTROPY),
        DenseNetwork.of(20, List.of(16), 3, Activation.TANH, 0, Loss.MEAN_SQUARED_ERROR));
  }

  @ParameterizedTest
  @MethodSource("trainedNetworks")
  void parametersAgreeAfterAHundredPlainSteps(DenseNetwork network) {
    assertThat(deviationAfter(100, network, Sgd.plain(), 0.1)).isLessThan(1e-4);
  }

  @ParameterizedTest
  @MethodSource("trainedNetworks")
  void parametersAgreeAfterThirtyStepsOfNesterov(DenseNetwork network) {
    assertThat(deviationAfter(30, network, new Sgd(0.9, 0, true, 0), 0.05)).isLessThan(1e-4);
  }

  @ParameterizedTest
  @MethodSource("trainedNetworks")
  void weightDecayIsTheSame(DenseNetwork network) {
    assertThat(deviationAfter(30, network, new Sgd(0.9, 0, true, 0.01), 0.05)).isLessThan(1e-4);
  }

  @ParameterizedTest
  @MethodSource("trainedNetworks")
  void parametersAgreeAfterThirtyStepsOfAdamWithTheSameEps(DenseNetwork network) {
    for (boolean amsgrad : new boolean[] {false, true}) {
      Adam adam = new Adam(0.9, 0.999, 1e-8, 0, amsgrad);
      assertThat(deviationAfter(30, network, adam, 0.01, step -> withDl4jsEps(adam, step)))
          .isLessThan(1e-4);
    }
  }

  @ParameterizedTest
  @MethodSource("trainedNetworks")
  void parametersAgreeAfterThirtyStepsOfTheOthers(DenseNetwork network) {
    assertThat(deviationAfter(30, network, new Adamax(0.9, 0.999, 1e-8, 0.01), 0.01))
        .isLessThan(1e-4);
    assertThat(deviationAfter(30, network, new Adagrad(0, 0.01, 1e-10), 0.01)).isLessThan(1e-4);
    assertThat(deviationAfter(30, network, new Adadelta(0.9, 1e-6, 0.01), 1)).isLessThan(1e-4);
    assertThat(deviationAfter(30, network, new RmsProp(0.99, 1e-8, 0.01, 0, false), 0.001))
        .isLessThan(1e-4);
  }

  static List<Optimizer> onlyOurs() {
    return List.of(
        new Sgd(0.9, 0, false, 0),
        new Adagrad(0.1, 0, 1e-10),
        new RmsProp(0.99, 1e-8, 0, 0.9, false),
        new RmsProp(0.99, 1e-8, 0, 0, true),
        new AdamW(0.9, 0.999, 1e-8, 0.01, false));
  }

  @ParameterizedTest
  @MethodSource("onlyOurs")
  void whatDl4jDoesNotHaveIsRefused(Optimizer optimizer) {
    assertThatThrownBy(() -> EquivalentUpdater.of(optimizer, 0.1))
        .isInstanceOf(ConveneException.class)
        .hasMessage(
            "DL4J has no %s like this: with train.trainer = dl4j use adam, adamax, adadelta, "
                + "adagrad without lr-decay, rmsprop with neither momentum nor centered, or sgd "
                + "without momentum or with nesterov = true",
            optimizer.getClass().getSimpleName());
  }

  @Test
  void adadeltaTakesNoLearningRate() {
    Round round = new Round(1, 1, 0, 5, 5, 1, 1);

    assertThatThrownBy(
            () ->
                EquivalentUpdater.of(
                    new Adadelta(0.9, 1e-6, 0), step -> step.number() < 5 ? 1 : 0.5, round))
        .isInstanceOf(ConveneException.class)
        .hasMessage(
            "DL4J's AdaDelta has no learning rate: with train.trainer = dl4j set "
                + "train.optimizer.learning-rate = 1 and no schedule");
  }

  /** Where gradients are tiny, its smaller eps lets DL4J's Adam make larger first steps. */
  @ParameterizedTest
  @MethodSource("trainedNetworks")
  void parametersAreNearAfterThirtyStepsOfAdam(DenseNetwork network) {
    for (boolean amsgrad : new boolean[] {false, true}) {
      Adam adam = new Adam(0.9, 0.999, 1e-8, 0.01, amsgrad);
      assertThat(deviationAfter(30, network, adam, 0.01)).isLessThan(2e-3);
    }
  }

  private static Adam withDl4jsEps(Adam adam, int step) {
    return new Adam(
        adam.beta1(),
        adam.beta2(),
        adam.eps() / Math.sqrt(1 - Math.pow(adam.beta2(), step)),
        adam.weightDecay(),
        adam.amsgrad());
  }

  @ParameterizedTest
  @MethodSource("activations")
  void configurationTellsTheNetworkBack(Activation activation) {
    for (Loss loss : Loss.values()) {
      DenseNetwork network = DenseNetwork.of(5, List.of(4, 3), 2, activation, 0.25, loss);
      assertThat(DenseConfiguration.network(DenseConfiguration.of(network, Sgd.plain(), 1)))
          .contains(network);
    }
  }

  private static double deviationAfter(
      int steps, DenseNetwork network, Optimizer optimizer, double rate) {
    return deviationAfter(steps, network, optimizer, rate, step -> optimizer);
  }

  /** The largest deviation of parameters; we make each step by an optimizer of its own. */
  private static double deviationAfter(
      int steps,
      DenseNetwork network,
      Optimizer theirOptimizer,
      double rate,
      IntFunction<Optimizer> ourOptimizer) {
    float[] ours = Initializer.PYTORCH.initialParameters(network, 3);
    MultiLayerNetwork theirs = dl4j(network, theirOptimizer, rate, ours);
    float[][] states = new float[theirOptimizer.stateCount()][ours.length];
    float[] gradient = new float[ours.length];
    for (int step = 1; step <= steps; step++) {
      Batch batch = Batch.random(network, ROWS, step);
      gradient(network, ours, batch, gradient);
      Optimizer optimizer = ourOptimizer.apply(step);
      optimizer.step(step, rate, ours, gradient, states, 0, ours.length);
      theirs.fit(batch.dataSet());
    }
    double deviation = deviation(ours, floats(theirs.params()));
    System.out.printf(
        "%.1e after %d steps of %s, %s%n", deviation, steps, theirOptimizer, network.loss());
    return deviation;
  }

  private static MultiLayerNetwork dl4j(
      DenseNetwork network, Optimizer optimizer, double rate, float[] parameters) {
    MultiLayerNetwork theirs =
        new MultiLayerNetwork(DenseConfiguration.of(network, optimizer, rate));
    theirs.init(Nd4j.create(parameters.clone()).reshape(1, parameters.length), false);
    INDArray state = theirs.getUpdater().getStateViewArray();
    if (state != null) {
      state.assign(0);
    }
    return theirs;
  }

  private static float[] probabilities(DenseNetwork network, float[] parameters, Batch batch) {
    float[] outputs =
        network.forwardPass(ROWS, blas).outputs(parameters, batch.rows().x(), ROWS).clone();
    int width = network.outputs();
    float[] result = new float[ROWS * width];
    for (int row = 0; row < ROWS; row++) {
      double[] values = new double[width];
      for (int i = 0; i < width; i++) {
        values[i] = outputs[row * width + i];
      }
      if (network.loss().classifies()) {
        Softmax.inPlace(values);
      }
      for (int i = 0; i < width; i++) {
        result[row * width + i] = (float) values[i];
      }
    }
    return result;
  }

  private static double gradient(
      DenseNetwork network, float[] parameters, Batch batch, float[] gradient) {
    Backpropagation backpropagation = new Backpropagation(network, ROWS, blas);
    backpropagation.propagate(
        parameters,
        batch.rows(),
        ROWS,
        0,
        ROWS,
        ROWS,
        RandomStream.of(0, Purpose.DROPOUT),
        (values, offset, length) -> System.arraycopy(values, offset, gradient, offset, length));
    return backpropagation.lossSum() / ROWS;
  }

  private static float[] floats(INDArray array) {
    return array.dup('c').data().asFloat();
  }

  private static double deviation(float[] ours, float[] theirs) {
    assertThat(theirs).hasSameSizeAs(ours);
    double largest = 0;
    for (int i = 0; i < ours.length; i++) {
      assertThat((double) ours[i]).isCloseTo(theirs[i], within(1.0));
      largest = Math.max(largest, Math.abs((double) ours[i] - theirs[i]));
    }
    return largest;
  }
}
