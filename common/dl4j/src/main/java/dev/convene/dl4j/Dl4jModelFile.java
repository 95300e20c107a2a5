package dev.convene.dl4j;

import dev.convene.ConveneException;
import dev.convene.ml.NeuralNetworkClassificationModel;
import dev.convene.ml.NeuralNetworkModel;
import dev.convene.ml.NeuralNetworkRegressionModel;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.Network;
import dev.convene.optim.Sgd;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UTFDataFormatException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;

/**
 * Models as the zip files of DL4J's {@code ModelSerializer}, both ways and without loss: the
 * network and every bit of its parameters. A zip holds neither preprocessing nor history.
 *
 * <p>Zips may come from anywhere. They are taken apart here and not by DL4J, which would make Java
 * objects of a serialized entry and of any class that the JSON names. Memory is taken for what they
 * hold, not for what they claim.
 */
public final class Dl4jModelFile {
  private static final int MAX_JSON_BYTES = 16 << 20;
  private static final int MAX_PARAMETERS = (Integer.MAX_VALUE - 64) / Float.BYTES;
  private static final Set<String> PREPROCESSING =
      Set.of(ModelSerializer.PREPROCESSOR_BIN, ModelSerializer.NORMALIZER_BIN);

  private Dl4jModelFile() {}

  /**
   * Writes the model. Should DL4J train a network of ours on, it does so by plain SGD unless asked
   * otherwise.
   *
   * @param out stays open
   */
  public static void write(NeuralNetworkModel model, OutputStream out) throws IOException {
    Nd4jRuntime.prepare();
    float[] parameters = model.parameters();
    MultiLayerConfiguration configuration =
        model.network() instanceof DenseNetwork dense
            ? DenseConfiguration.of(dense, Sgd.plain(), 0.01)
            : SafeConfiguration.parse(model.network().description(), "the network's configuration");
    MultiLayerNetwork network = new MultiLayerNetwork(configuration);
    network.init(NdArrays.row(parameters), false);
    ModelSerializer.writeModel(network, out, false);
  }

  /**
   * Reads a model: a {@link NeuralNetworkClassificationModel} if it ends in softmax, else a {@link
   * NeuralNetworkRegressionModel}. A network that Convene has computes natively, any other by DL4J.
   *
   * @param in stays open
   * @param source the file, as a message names it
   * @throws ConveneException (data) if it is no zip of a network that can be scored
   */
  public static NeuralNetworkModel read(InputStream in, String source) throws IOException {
    Nd4jRuntime.prepare();
    ZipInputStream zip = new ZipInputStream(in);
    try {
      MultiLayerConfiguration configuration = SafeConfiguration.parse(json(zip, source), source);
      float[] parameters = parameters(zip, parameterCount(configuration), source);
      requireNoPreprocessing(zip, source);
      return model(network(configuration, source), parameters);
    } catch (ConveneException e) {
      throw e;
    } catch (ZipException | EOFException damaged) {
      throw ConveneException.data("%s is damaged: %s", source, damaged.getMessage());
    } catch (RuntimeException | OutOfMemoryError refused) {
      String reason = String.valueOf(refused.getMessage()).lines().findFirst().orElse("");
      ConveneException unreadable =
          ConveneException.data("%s cannot be read as a model of DL4J: %s", source, reason);
      unreadable.addSuppressed(refused);
      throw unreadable;
    }
  }

  /** As many as the layers' widths claim; no memory is taken for them. */
  static long parameterCount(MultiLayerConfiguration configuration) {
    long parameters = 0;
    for (NeuralNetConfiguration conf : configuration.getConfs()) {
      parameters = Math.addExact(parameters, conf.getLayer().initializer().numParams(conf));
    }
    return parameters;
  }

  static NeuralNetworkModel model(Network network, float[] parameters) {
    return network.loss().classifies()
        ? NeuralNetworkClassificationModel.of(network, parameters)
        : NeuralNetworkRegressionModel.of(network, parameters);
  }

  /** Ours if it can be, else DL4J's. */
  static Network network(MultiLayerConfiguration configuration, String source) {
    Optional<DenseNetwork> dense = DenseConfiguration.network(configuration);
    return dense.isPresent() ? dense.get() : ConfiguredNetwork.of(configuration, source);
  }

  /** The description comes first, as DL4J writes it: it says how much there is to read. */
  private static String json(ZipInputStream zip, String source) throws IOException {
    require(zip, ModelSerializer.CONFIGURATION_JSON, "", source);
    byte[] bytes = zip.readNBytes(MAX_JSON_BYTES);
    if (bytes.length == MAX_JSON_BYTES && zip.read() >= 0) {
      throw ConveneException.data(
          "%s in %s is larger than %s bytes, which is more than is read",
          ModelSerializer.CONFIGURATION_JSON, source, MAX_JSON_BYTES);
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /**
   * ND4J's format of arrays: the shape, then the values; each a mode, a length, a type and the
   * numbers, big-endian.
   */
  private static float[] parameters(ZipInputStream zip, long expected, String source)
      throws IOException {
    require(
        zip,
        ModelSerializer.COEFFICIENTS_BIN,
        " after " + ModelSerializer.CONFIGURATION_JSON,
        source);
    DataInputStream in = new DataInputStream(zip);
    try {
      Header shape = Header.read(in);
      in.skipNBytes(shape.length * (shape.type.equals("INT") ? Integer.BYTES : Long.BYTES));
      Header values = Header.read(in);
      if (!values.type.equals("FLOAT")) {
        throw ConveneException.data(
            "%s has parameters of type %s: only FLOAT is read", source, values.type);
      }
      if (values.length != expected) {
        throw ConveneException.data(
            "%s has %s parameters, but its network has %s", source, values.length, expected);
      }
      if (expected > MAX_PARAMETERS) {
        throw ConveneException.data(
            "%s has %s parameters: at most %s are read", source, expected, MAX_PARAMETERS);
      }
      byte[] bytes = in.readNBytes((int) expected * Float.BYTES);
      if (bytes.length < expected * Float.BYTES) {
        throw new EOFException("it ends too early");
      }
      float[] parameters = new float[(int) expected];
      ByteBuffer.wrap(bytes).asFloatBuffer().get(parameters);
      return parameters;
    } catch (EOFException | UTFDataFormatException | ZipException damaged) {
      throw ConveneException.data(
          "%s is damaged: its %s cannot be read%s",
          source,
          ModelSerializer.COEFFICIENTS_BIN,
          damaged.getMessage() == null ? "" : ": " + damaged.getMessage());
    }
  }

  /** Goes to an entry. */
  private static void require(ZipInputStream zip, String name, String place, String source)
      throws IOException {
    for (ZipEntry entry = next(zip, source); entry != null; entry = next(zip, source)) {
      if (entry.getName().equals(name)) {
        return;
      }
    }
    throw ConveneException.data("%s is no model file of DL4J: it lacks %s%s", source, name, place);
  }

  /** Whatever else there is, as the updater's state, is no part of the model. */
  private static void requireNoPreprocessing(ZipInputStream zip, String source) throws IOException {
    while (next(zip, source) != null) {}
  }

  private static ZipEntry next(ZipInputStream zip, String source) throws IOException {
    ZipEntry entry = zip.getNextEntry();
    if (entry != null && PREPROCESSING.contains(entry.getName())) {
      throw ConveneException.data(
          "%s holds %s, which is not read: save the model without it, and preprocess with"
              + " MLlib's stages",
          source, entry.getName());
    }
    return entry;
  }

  private record Header(long length, String type) {
    static Header read(DataInputStream in) throws IOException {
      String mode = in.readUTF();
      boolean old = mode.equals("DIRECT") || mode.equals("HEAP") || mode.equals("JAVACPP");
      return new Header(old ? in.readInt() : in.readLong(), in.readUTF());
    }
  }
}
