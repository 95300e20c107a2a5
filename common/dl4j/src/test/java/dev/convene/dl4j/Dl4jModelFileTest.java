package dev.convene.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.ml.NeuralNetworkClassificationModel;
import dev.convene.ml.NeuralNetworkRegressionModel;
import dev.convene.ml.TrainedModel;
import dev.convene.nn.Activation;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.Initializer;
import dev.convene.nn.Loss;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.apache.spark.ml.linalg.Vectors;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.factory.Nd4j;

class Dl4jModelFileTest {
  private static final DenseNetwork NETWORK =
      DenseNetwork.of(3, List.of(5, 4), 2, Activation.TANH, 0.3, Loss.SOFTMAX_CROSS_ENTROPY);

  @BeforeAll
  static void prepare() {
    Nd4jRuntime.prepare();
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  void networksAndTheirBitsComeBack(Activation activation) throws IOException {
    for (double dropout : new double[] {0, 0.1, 0.3, 0.55}) {
      for (Loss loss : Loss.values()) {
        DenseNetwork network = DenseNetwork.of(3, List.of(5, 4), 2, activation, dropout, loss);
        TrainedModel model = model(network);
        TrainedModel read = Dl4jModelFile.read(new ByteArrayInputStream(zip(model)), "m.zip");
        assertThat(read.network()).isEqualTo(network);
        assertThat(read.parameters()).isEqualTo(model.parameters());
        assertThat(read).isInstanceOf(model.getClass());
      }
    }
  }

  @Test
  void dl4jReadsWhatWeWriteAndPredictsTheSame() throws IOException {
    NeuralNetworkClassificationModel model = (NeuralNetworkClassificationModel) model(NETWORK);
    MultiLayerNetwork theirs =
        ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(zip(model)), true);
    double[] x = {0.5, -1, 2};
    double[] ours = model.predictProbability(Vectors.dense(x)).toArray();
    double[] probabilities = theirs.output(Nd4j.create(new double[][] {x})).toDoubleVector();
    assertThat(probabilities).containsExactly(ours, within(1e-6));
  }

  @Test
  void aZipWithSerializedJavaIsRefused() {
    assertRefused(
        with("preprocessor.bin", new byte[] {1}),
        "m.zip holds preprocessor.bin, which is not read: save the model without it, and "
            + "preprocess with MLlib's stages");
  }

  @Test
  void aForeignClassIsNotMade() {
    String json = new String(entries().get("configuration.json"), StandardCharsets.UTF_8);
    String evil =
        json.replaceFirst(
            "org\\.deeplearning4j\\.nn\\.conf\\.layers\\.DenseLayer", "javax.swing.JEditorPane");
    assertThat(evil).isNotEqualTo(json);
    assertRefused(
        with("configuration.json", evil.getBytes(StandardCharsets.UTF_8)),
        "m.zip names the class javax.swing.JEditorPane: only classes of DL4J itself are made "
            + "from a file");
  }

  @Test
  void otherFilesAreRefused() throws IOException {
    assertRefused(
        "no zip".getBytes(StandardCharsets.UTF_8),
        "m.zip is no model file of DL4J: it lacks configuration.json");
    assertRefused(
        with("configuration.json", "{}".getBytes(StandardCharsets.UTF_8)),
        "m.zip is no configuration of a network: make one with DL4J's "
            + "MultiLayerConfiguration.toJson()");
    byte[] coefficients = entries().get("coefficients.bin");
    assertRefused(
        with("coefficients.bin", Arrays.copyOf(coefficients, coefficients.length - 1)),
        "m.zip is damaged: its coefficients.bin cannot be read: it ends too early");
    assertRefused(
        with("coefficients.bin", new byte[0]),
        "m.zip is damaged: its coefficients.bin cannot be read");
    DenseNetwork smaller =
        DenseNetwork.of(3, List.of(5, 4), 1, Activation.TANH, 0.3, Loss.MEAN_SQUARED_ERROR);
    assertRefused(
        with("coefficients.bin", entries(zip(model(smaller))).get("coefficients.bin")),
        "m.zip has 49 parameters, but its network has 54");
  }

  @Test
  void otherNetworksAreRefused() throws IOException {
    ComputationGraph graph =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("in")
                .addLayer("out", new OutputLayer.Builder().nIn(2).nOut(2).build(), "in")
                .setOutputs("out")
                .build());
    graph.init();
    ByteArrayOutputStream graphZip = new ByteArrayOutputStream();
    ModelSerializer.writeModel(graph, graphZip, true);
    assertRefused(
        graphZip.toByteArray(),
        "m.zip describes a ComputationGraph: only networks of layers in a row "
            + "(MultiLayerConfiguration) can be used");

    MultiLayerNetwork convolution =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .list()
                .layer(new ConvolutionLayer.Builder(1, 1).nIn(1).nOut(1).build())
                .layer(new OutputLayer.Builder().nIn(1).nOut(2).build())
                .build());
    convolution.init();
    ByteArrayOutputStream zip = new ByteArrayOutputStream();
    ModelSerializer.writeModel(convolution, zip, true);
    assertRefused(
        zip.toByteArray(),
        "m.zip does not tell how many features a row has: build a network that takes images with "
            + "InputType.convolutionalFlat");
  }

  private static void assertRefused(byte[] zip, String message) {
    assertThatThrownBy(() -> Dl4jModelFile.read(new ByteArrayInputStream(zip), "m.zip"))
        .isInstanceOfSatisfying(
            ConveneException.class,
            refused -> assertThat(refused.status()).isEqualTo(ExitStatus.DATA))
        .hasMessage(message);
  }

  private static TrainedModel model(DenseNetwork network) {
    float[] parameters = Initializer.PYTORCH.initialParameters(network, 5);
    return network.loss() == Loss.SOFTMAX_CROSS_ENTROPY
        ? NeuralNetworkClassificationModel.of(network, parameters)
        : NeuralNetworkRegressionModel.of(network, parameters);
  }

  private static byte[] zip(TrainedModel model) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Dl4jModelFile.write(model, out);
    return out.toByteArray();
  }

  private static Map<String, byte[]> entries() {
    try {
      return entries(zip(model(NETWORK)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, byte[]> entries(byte[] zip) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip));
    for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
      entries.put(entry.getName(), in.readAllBytes());
    }
    return entries;
  }

  /** The model's zip with one entry replaced or added. */
  private static byte[] with(String name, byte[] content) {
    Map<String, byte[]> entries = entries();
    entries.put(name, content);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        out.putNextEntry(new ZipEntry(entry.getKey()));
        out.write(entry.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
