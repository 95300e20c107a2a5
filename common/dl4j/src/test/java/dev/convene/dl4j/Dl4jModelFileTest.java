package dev.convene.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.ml.NeuralNetworkClassificationModel;
import dev.convene.ml.NeuralNetworkModel;
import dev.convene.ml.NeuralNetworkRegressionModel;
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
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.factory.Nd4j;

class Dl4jModelFileTest {
  private static final DenseNetwork NETWORK =
      DenseNetwork.of(3, List.of(5, 4), 2, Activation.TANH, 0.3, Loss.SOFTMAX_CROSS_ENTROPY);

  @BeforeAll
  static void prepare() {
    Nd4jRuntime.prepare();
  }

  @ParameterizedTest
  @MethodSource("dev.convene.dl4j.WitnessTest#activations")
  void networksAndTheirBitsComeBack(Activation activation) throws IOException {
    for (double dropout : new double[] {0, 0.1, 0.3, 0.55}) {
      for (Loss loss : Loss.values()) {
        DenseNetwork network = DenseNetwork.of(3, List.of(5, 4), 2, activation, dropout, loss);
        NeuralNetworkModel model = model(network);
        NeuralNetworkModel read = Dl4jModelFile.read(new ByteArrayInputStream(zip(model)), "m.zip");
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
    String json = configuration();
    String evil =
        json.replaceFirst(
            "org\\.deeplearning4j\\.nn\\.conf\\.layers\\.DenseLayer", "javax.swing.JEditorPane");
    assertThat(evil).isNotEqualTo(json);
    assertRefused(
        with("configuration.json", evil.getBytes(StandardCharsets.UTF_8)),
        "m.zip names the class javax.swing.JEditorPane: only classes of DL4J itself are made "
            + "from a file");
  }

  /** Each is a place where Jackson looks for a class. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"@class\":\"evil.X\"}",
        "{\"type\":\"evil.X\"}",
        "[\"evil.X\",{}]",
        "[\"org.nd4j.X<evil.X>\",{}]"
      })
  void aForeignClassIsFoundWhereverItIsNamed(String value) {
    String json =
        configuration().replaceFirst("\"weightNoise\" : null", "\"weightNoise\" : " + value);
    assertThat(json).isNotEqualTo(configuration());
    assertThatThrownBy(() -> SafeConfiguration.parse(json, "m.zip"))
        .isInstanceOf(ConveneException.class)
        .hasMessageMatching(
            "m\\.zip names the class (evil\\.X|org\\.nd4j\\.X<evil\\.X>): only classes of DL4J itself"
                + " are made from a file");
  }

  /** DL4J would make the first of the two, the check sees the last. */
  @Test
  void theClassThatIsCheckedIsTheOneThatIsMade() {
    String dense = "\"@class\" : \"org.deeplearning4j.nn.conf.layers.DenseLayer\",";
    String json =
        configuration()
            .replace(dense, "\"@class\" : \"" + ForeignLayer.class.getName() + "\", " + dense);
    assertThat(json).contains("ForeignLayer");
    MultiLayerConfiguration read = SafeConfiguration.parse(json, "m.zip");
    assertThat(read.getConf(0).getLayer().getClass()).isEqualTo(DenseLayer.class);
  }

  /** As an attacker's. */
  static final class ForeignLayer extends DenseLayer {
    private static final long serialVersionUID = 1;
  }

  @Test
  void whatAZipClaimsIsNotAllocated() {
    String huge = configuration().replaceFirst("\"nin\" : 3", "\"nin\" : 2000000000");
    assertRefused(
        with("configuration.json", huge.getBytes(StandardCharsets.UTF_8)),
        "m.zip has 54 parameters, but its network has 10000000039");
    ListBuilder activated =
        configured(new ActivationLayer(org.nd4j.linalg.activations.Activation.TANH))
            .layer(new OutputLayer.Builder().nIn(2_000_000_000).nOut(1_000_000_000).build());
    assertRefused(
        with("configuration.json", json(activated)),
        "m.zip has 54 parameters, but its network has 2000000001000000000");
  }

  /** 4 times the width is 12 in 64 bits. */
  @Test
  void widthsThatOverflowAreRefused() throws IOException {
    DenseNetwork small =
        DenseNetwork.of(3, List.of(), 4, Activation.TANH, 0, Loss.SOFTMAX_CROSS_ENTROPY);
    Map<String, byte[]> entries = entries(zip(model(small)));
    long width = (1L << 62) + 3;
    OutputLayer output = new OutputLayer.Builder().nIn(width).nOut(4).build();
    entries.put("configuration.json", json(configured(output)));
    assertRefused(zip(entries), "m.zip cannot be read as a model of DL4J: integer overflow");
    ListBuilder activated =
        configured(new ActivationLayer(org.nd4j.linalg.activations.Activation.TANH)).layer(output);
    entries.put("configuration.json", json(activated));
    assertRefused(
        zip(entries), "m.zip does not take rows of 4611686018427387907 features: integer overflow");
  }

  @Test
  void theDescriptionComesFirst() {
    Map<String, byte[]> turned = new LinkedHashMap<>();
    turned.put("coefficients.bin", entries().get("coefficients.bin"));
    turned.put("configuration.json", entries().get("configuration.json"));
    assertRefused(
        zip(turned),
        "m.zip is no model file of DL4J: it lacks coefficients.bin after configuration.json");
  }

  @Test
  void networksThatBeginWithoutAWidthComeBack() throws IOException {
    for (Layer first :
        List.of(
            new BatchNormalization.Builder().nIn(3).nOut(3).build(),
            new DropoutLayer(0.5),
            new ActivationLayer(org.nd4j.linalg.activations.Activation.TANH))) {
      String json =
          configured(first)
              .layer(new DenseLayer.Builder().nIn(3).nOut(4).build())
              .layer(
                  new OutputLayer.Builder()
                      .nIn(4)
                      .nOut(2)
                      .activation(org.nd4j.linalg.activations.Activation.SOFTMAX)
                      .build())
              .build()
              .toJson();
      ConfiguredNetwork network =
          ConfiguredNetwork.of(json, 3, 2, Loss.SOFTMAX_CROSS_ENTROPY, "it");
      NeuralNetworkModel model =
          NeuralNetworkClassificationModel.of(
              network, ConfiguredLearner.of(network).initialParameters(1));
      NeuralNetworkModel read = Dl4jModelFile.read(new ByteArrayInputStream(zip(model)), "m.zip");
      assertThat(read.network().inputs()).isEqualTo(3);
      assertThat(read.parameters()).isEqualTo(model.parameters());
    }
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
        "m.zip does not say how many features a row has: build a network that takes images with "
            + "InputType.convolutionalFlat");
  }

  private static void assertRefused(byte[] zip, String message) {
    assertThatThrownBy(() -> Dl4jModelFile.read(new ByteArrayInputStream(zip), "m.zip"))
        .isInstanceOfSatisfying(
            ConveneException.class,
            refused -> assertThat(refused.status()).isEqualTo(ExitStatus.DATA))
        .hasMessage(message);
  }

  private static NeuralNetworkModel model(DenseNetwork network) {
    float[] parameters = Initializer.PYTORCH.initialParameters(network, 5);
    return network.loss().classifies()
        ? NeuralNetworkClassificationModel.of(network, parameters)
        : NeuralNetworkRegressionModel.of(network, parameters);
  }

  private static byte[] zip(NeuralNetworkModel model) throws IOException {
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
    return zip(entries);
  }

  private static String configuration() {
    return new String(entries().get("configuration.json"), StandardCharsets.UTF_8);
  }

  private static byte[] json(ListBuilder configured) {
    return configured.build().toJson().getBytes(StandardCharsets.UTF_8);
  }

  private static ListBuilder configured(Layer first) {
    return new NeuralNetConfiguration.Builder().list().layer(first);
  }

  private static byte[] zip(Map<String, byte[]> entries) {
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
