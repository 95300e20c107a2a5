package dev.convene.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.nd4j.linalg.activations.Activation.SOFTMAX;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.ml.NeuralNetworkClassificationModel;
import dev.convene.ml.NeuralNetworkModel;
import dev.convene.ml.NeuralNetworkRegressionModel;
import dev.convene.nn.Activation;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.Loss;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.linalg.Vectors;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.constraint.NonNegativeConstraint;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** The files are Keras' own, see make_models.py beside them. */
class KerasModelFileTest {
  private static final Path FILES = Path.of("src/test/resources/keras");

  @TempDir private Path folder;

  /** A row each. */
  static final class Golden {
    public double[][] inputs;
    public double[][] outputs;
  }

  @ParameterizedTest
  @ValueSource(strings = {"keras2", "keras3"})
  void classifiersPredictWhatKerasPredicts(String version) throws IOException {
    NeuralNetworkClassificationModel model =
        (NeuralNetworkClassificationModel) read(version + "-classifier");
    assertThat(model.network())
        .isEqualTo(
            DenseNetwork.of(
                4, List.of(7, 6), 3, Activation.RELU, 0.25, Loss.SOFTMAX_CROSS_ENTROPY));
    Golden golden = golden(version + "-classifier");
    for (int row = 0; row < golden.inputs.length; row++) {
      assertThat(model.predictProbability(Vectors.dense(golden.inputs[row])).toArray())
          .containsExactly(golden.outputs[row], within(1e-6));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"keras2", "keras3"})
  void logitsAreFollowedBySoftmaxAndFlattenedInputsAreRows(String version) throws IOException {
    NeuralNetworkClassificationModel model =
        (NeuralNetworkClassificationModel) read(version + "-logits");
    assertThat(model.network())
        .isEqualTo(
            DenseNetwork.of(6, List.of(5), 4, Activation.SIGMOID, 0, Loss.SOFTMAX_CROSS_ENTROPY));
    Golden golden = golden(version + "-logits");
    for (int row = 0; row < golden.inputs.length; row++) {
      double[] exp = Arrays.stream(golden.outputs[row]).map(Math::exp).toArray();
      double sum = Arrays.stream(exp).sum();
      assertThat(model.predictProbability(Vectors.dense(golden.inputs[row])).toArray())
          .containsExactly(Arrays.stream(exp).map(e -> e / sum).toArray(), within(1e-6));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"keras2", "keras3"})
  void regressionsPredictWhatKerasPredicts(String version) throws IOException {
    assertRegression(
        version + "-regression",
        DenseNetwork.of(3, List.of(5), 2, Activation.TANH, 0, Loss.MEAN_SQUARED_ERROR));
    assertRegression(
        version + "-leaky",
        DenseNetwork.of(3, List.of(5), 1, Activation.LEAKY_RELU, 0, Loss.MEAN_SQUARED_ERROR));
  }

  @ParameterizedTest
  @ValueSource(strings = {"keras2", "keras3"})
  void convolutionsPredictWhatKerasPredicts(String version) throws IOException {
    NeuralNetworkClassificationModel model =
        (NeuralNetworkClassificationModel) read(version + "-convolution");
    assertThat(model.numFeatures()).isEqualTo(9 * 8 * 2);
    Golden golden = golden(version + "-convolution");
    for (int row = 0; row < golden.inputs.length; row++) {
      assertThat(model.predictProbability(Vectors.dense(golden.inputs[row])).toArray())
          .containsExactly(golden.outputs[row], within(1e-6));
    }
  }

  @Test
  void otherFilesAreRefused() throws IOException {
    assertRefused(folder.resolve("none.h5"), "m.h5 does not exist");
    assertRefused(
        file("no model".getBytes(StandardCharsets.UTF_8)),
        "m.h5 is no HDF5 file: save the model in Keras by model.save('m.h5')");
    assertRefused(
        file(new byte[0]), "m.h5 is no HDF5 file: save the model in Keras by model.save('m.h5')");
    assertRefused(
        file("PK\003\004".getBytes(StandardCharsets.UTF_8)),
        "m.h5 is a zip, as Keras 3 saves models (.keras), and not HDF5: load it"
            + " there and save it by model.save('m.h5')");
    assertRefused(
        FILES.resolve("weights.h5"),
        "m.h5 holds no model of Keras, but weights alone: save the whole model "
            + "by model.save('m.h5')");
  }

  @Test
  void otherModelsAreRefused() {
    assertRefused(
        FILES.resolve("lambda.h5"),
        "m.h5 cannot be read: its layer 'lambda' is a Lambda, and only these ar"
            + "e known: Activation, Conv2D, Dense, Dropout, Flatten, LeakyReLU, MaxPo"
            + "oling2D, ReLU");
    assertRefused(
        FILES.resolve("functional.h5"),
        "m.h5 holds a Functional model: only Sequential models are read");
    assertRefused(
        FILES.resolve("binary.h5"),
        "m.h5 ends in a layer with the activation sigmoid: it must end in softm"
            + "ax for classes, or linear for a regression");
    assertRefused(
        FILES.resolve("slope.h5"),
        "m.h5 cannot be read: its layer 'dense_11' is activated by leaky_relu, "
            + "and only these are known: linear, relu, sigmoid, softmax, tanh");
  }

  @Test
  void channelsFirstAreRefused() throws IOException {
    assertRefused(
        edited(
            "keras2-convolution",
            "\"data_format\": \"channels_last\"",
            "\"data_format\":\"channels_first\""),
        "m.h5: its layer 'conv2d' has images in the order channels_first, and only channels_last is"
            + " read");
  }

  @Test
  void aSlopeThatIsNoNumberIsRefused() throws IOException {
    assertRefused(
        edited("keras3-leaky", "\"negative_slope\": 0.01", "\"negative_slope\": null"),
        "m.h5: the slope of its layer 'leaky_re_lu' is null instead of a number");
    assertRefused(
        edited("keras2-leaky", "\"alpha\": ", "\"alphb\": "),
        "m.h5: the slope of its layer 'leaky_re_lu' is missing instead of a number");
  }

  @Test
  void regularizersAndConstraintsAreLeft() {
    Nd4jRuntime.prepare();
    MultiLayerConfiguration imported =
        new NeuralNetConfiguration.Builder()
            .l2(0.1)
            .l1Bias(0.1)
            .list()
            .layer(
                new DenseLayer.Builder()
                    .nIn(3)
                    .nOut(4)
                    .constrainWeights(new NonNegativeConstraint())
                    .build())
            .layer(new DenseLayer.Builder().nIn(4).nOut(2).activation(SOFTMAX).build())
            .build();
    for (NeuralNetConfiguration conf :
        TrainableConfiguration.of(imported, new int[] {3}, false, "it").getConfs()) {
      BaseLayer layer = (BaseLayer) conf.getLayer();
      assertThat(layer.getRegularization()).isEmpty();
      assertThat(layer.getRegularizationBias()).isEmpty();
      assertThat(layer.getConstraints()).isNullOrEmpty();
    }
  }

  /** The file with some text of the same length in its description. */
  private Path edited(String name, String text, String other) throws IOException {
    String bytes = Files.readString(FILES.resolve(name + ".h5"), StandardCharsets.ISO_8859_1);
    assertThat(bytes).contains(text);
    assertThat(other).hasSameSizeAs(text);
    return file(bytes.replace(text, other).getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void filesThatContradictThemselvesAreRefused() {
    assertRefused(
        FILES.resolve("kernel.h5"),
        "m.h5 is damaged: the kernel of layer 'dense_3' is [5, 3] instead of [3, 5]");
    assertRefused(
        FILES.resolve("missing.h5"), "m.h5 is damaged: it lacks the weights of layer 'dense_3'");
    assertRefused(
        FILES.resolve("claims.h5"),
        "m.h5 is damaged: its network has 3000000002 parameters, more than the 14440 bytes of the "
            + "file hold");
  }

  @Test
  void damagedFilesAreRefused() throws IOException {
    byte[] bytes = Files.readAllBytes(FILES.resolve("keras2-classifier.h5"));
    for (int length = 8; length < bytes.length / 2; length += 500) {
      Path cut = file(Arrays.copyOf(bytes, length));
      assertThatThrownBy(() -> KerasModelFile.read(cut, "m.h5"))
          .isInstanceOf(ConveneException.class)
          .hasMessageStartingWith("m.h5 cannot be read as a model of Keras (")
          .hasMessageEndingWith("): save it again by model.save('m.h5')");
    }
  }

  private static void assertRegression(String name, DenseNetwork network) throws IOException {
    NeuralNetworkRegressionModel model = (NeuralNetworkRegressionModel) read(name);
    assertThat(model.network()).isEqualTo(network);
    Golden golden = golden(name);
    for (int row = 0; row < golden.inputs.length; row++) {
      assertThat(model.predictOutputs(Vectors.dense(golden.inputs[row])).toArray())
          .containsExactly(golden.outputs[row], within(1e-6));
    }
  }

  private static NeuralNetworkModel read(String name) {
    return KerasModelFile.read(FILES.resolve(name + ".h5"), "m.h5");
  }

  private static Golden golden(String name) throws IOException {
    return new ObjectMapper().readValue(FILES.resolve(name + ".json").toFile(), Golden.class);
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("m.h5"), bytes);
  }

  private static void assertRefused(Path file, String message) {
    assertThatThrownBy(() -> KerasModelFile.read(file, "m.h5"))
        .isInstanceOfSatisfying(
            ConveneException.class,
            refused -> assertThat(refused.status()).isEqualTo(ExitStatus.DATA))
        .hasMessage(message);
  }
}
