package dev.convene.onnx;

import static dev.convene.onnx.GraphBuilder.attribute;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.ByteString;
import dev.convene.ConveneException;
import dev.convene.ml.NeuralNetworkClassificationModel;
import dev.convene.ml.NeuralNetworkModel;
import dev.convene.nn.Network;
import dev.convene.preprocess.FeatureEncoder;
import dev.convene.preprocess.Preprocessing;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Preprocessing and network as one ONNX graph, of rows as the source has them.
 *
 * <p>Every raw column is an input: numbers float32 [N, 1] with NaN for a missing one, categories
 * strings [N, 1] with the empty one for a missing one, vectors float32 [N, length]. A classifier's
 * outputs are {@code label}, strings [N], and {@code probabilities}, float32 [N, classes]; a
 * regression's is {@code prediction}, float32 [N, outputs].
 */
public final class OnnxModel {
  /** The predicted class by its name; by its index where classes have none. */
  public static final String LABEL = "label";

  /** The softmax of the network's outputs, by class. */
  public static final String PROBABILITIES = "probabilities";

  /** What a regression predicts. */
  public static final String PREDICTION = "prediction";

  /** The version of what a graph is made of, in its metadata: readers refuse newer ones. */
  public static final int FORMAT_VERSION = 1;

  private static final String FORMAT_KEY = "convene.format";
  private static final String DIGEST_KEY = "convene.graph.sha256";

  /** Of ONNX 1.15: the first that joins strings. */
  private static final long IR_VERSION = 9;

  private static final Map<String, Integer> OPERATOR_SETS =
      Map.of("", 20, GraphBuilder.ML, 3, GraphBuilder.ONNX_RUNTIME, 1);

  private final ModelProto model;

  private OnnxModel(ModelProto model) {
    this.model = model;
  }

  /**
   * Translates a model.
   *
   * @param labels the names of a classifier's classes; empty if they have none
   * @param documentation of raw columns by name, for whoever reads the graph; may lack some
   * @throws ConveneException (data) if ONNX or this translation cannot say it
   */
  public static OnnxModel of(
      Preprocessing preprocessing,
      NeuralNetworkModel model,
      List<String> labels,
      Map<String, String> documentation) {
    FeatureEncoder encoder = encoder(preprocessing);
    boolean classifies = model instanceof NeuralNetworkClassificationModel;
    GraphBuilder graph =
        graph(encoder, classifies ? List.of(LABEL, PROBABILITIES) : List.of(PREDICTION));
    Network network = model.network();
    FeatureGraph.Features features =
        encoder.describe(new FeatureGraph(graph, network.inputs(), documentation));
    if (features.width() != network.inputs()) {
      throw ConveneException.data(
          "preprocessing makes %s features, but the network reads %s",
          features.width(), network.inputs());
    }
    String outputs =
        new NetworkGraph(graph)
            .add(network, model.parameters(), graph.cast(features.tensor(), DataType.FLOAT));
    if (model instanceof NeuralNetworkClassificationModel classifier) {
      addClasses(graph, outputs, classifier, labels);
    } else {
      graph.output(PREDICTION, outputs, DataType.FLOAT, network.outputs());
    }
    return new OnnxModel(model(graph));
  }

  private static void addClasses(
      GraphBuilder graph,
      String outputs,
      NeuralNetworkClassificationModel classifier,
      List<String> labels) {
    int classes = classifier.numClasses();
    List<String> names =
        labels.isEmpty()
            ? IntStream.range(0, classes).mapToObj(Integer::toString).toList()
            : labels;
    String probabilities = graph.node("Softmax", List.of(outputs), attribute("axis", 1));
    String scores =
        classifier.isDefined(classifier.thresholds())
            ? shares(graph, probabilities, classifier.getThresholds())
            : outputs;
    String index =
        graph.node("ArgMax", List.of(scores), attribute("axis", 1), attribute("keepdims", 0));
    String label = graph.node("Gather", List.of(graph.constant("labels", names), index));
    graph.output(LABEL, label, DataType.STRING);
    graph.output(PROBABILITIES, probabilities, DataType.FLOAT, classes);
  }

  /** The file. */
  public byte[] bytes() {
    return model.toByteArray();
  }

  private static FeatureEncoder encoder(Preprocessing preprocessing) {
    return preprocessing
        .encoder()
        .orElseThrow(
            () ->
                ConveneException.data(
                    "the stages before the network are not all such as preprocess makes, which ONNX"
                        + " export translates alone: %s",
                    preprocessing.stages().stream()
                        .map(stage -> stage.getClass().getSimpleName())
                        .collect(Collectors.joining(", "))));
  }

  private static GraphBuilder graph(FeatureEncoder encoder, List<String> outputs) {
    List<String> inputs = encoder.names();
    for (String output : outputs) {
      if (inputs.contains(output)) {
        throw ConveneException.data(
            "the feature column %s is named as an output of the ONNX graph: rename it, and train"
                + " again",
            output);
      }
    }
    return new GraphBuilder("convene", Stream.concat(inputs.stream(), outputs.stream()).toList());
  }

  /** Probability over threshold, in double; 0 over 0, which is no number, comes last. */
  private static String shares(GraphBuilder graph, String probabilities, double[] thresholds) {
    String shares =
        graph.node(
            "Div",
            List.of(
                graph.cast(probabilities, DataType.DOUBLE),
                graph.constant("thresholds", thresholds)));
    return graph.node(
        "Where",
        List.of(graph.node("IsNaN", List.of(shares)), graph.constant("last", -1.0), shares));
  }

  private static ModelProto model(GraphBuilder builder) {
    GraphProto graph = builder.build();
    ModelProto.Builder model =
        ModelProto.newBuilder().setIrVersion(IR_VERSION).setProducerName("Convene").setGraph(graph);
    List<String> domains = new ArrayList<>(List.of(""));
    builder.domains().stream().sorted().forEach(domains::add);
    for (String domain : domains) {
      model.addOpsetImportBuilder().setDomain(domain).setVersion(OPERATOR_SETS.get(domain));
    }
    model.addMetadataPropsBuilder().setKey(FORMAT_KEY).setValue(Integer.toString(FORMAT_VERSION));
    model.addMetadataPropsBuilder().setKey(DIGEST_KEY).setValue(sha256(graph.toByteString()));
    return model.build();
  }

  private static String sha256(ByteString bytes) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      bytes.asReadOnlyByteBufferList().forEach(digest::update);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
