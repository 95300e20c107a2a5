package dev.convene.dl4j;

import dev.convene.ConveneException;
import dev.convene.ml.NeuralNetworkClassificationModel;
import dev.convene.ml.NeuralNetworkRegressionModel;
import dev.convene.ml.TrainedModel;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.Loss;
import dev.convene.nn.Network;
import dev.convene.optim.Sgd;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;

/**
 * Models as the zip files of DL4J's {@code ModelSerializer}, both ways and without loss: the
 * network and every bit of its parameters. A zip holds neither preprocessing nor history.
 *
 * <p>Zips may come from anywhere. They are taken apart here and not by DL4J, which would make Java
 * objects of a serialized entry and of any class that the JSON names.
 */
public final class Dl4jModelFile {
  private static final int MAX_JSON_BYTES = 16 << 20;
  private static final int MAX_PARAMETER_BYTES = Integer.MAX_VALUE - 64;

  private Dl4jModelFile() {}

  /**
   * Writes the model. Should DL4J train a network of ours on, it does so by plain SGD unless told
   * otherwise.
   *
   * @param out stays open
   */
  public static void write(TrainedModel model, OutputStream out) throws IOException {
    Nd4jRuntime.prepare();
    float[] parameters = model.parameters();
    MultiLayerConfiguration configuration =
        model.network() instanceof DenseNetwork dense
            ? DenseConfiguration.of(dense, Sgd.plain(0.01))
            : ((ConfiguredNetwork) model.network()).configuration();
    MultiLayerNetwork network = new MultiLayerNetwork(configuration);
    network.init(NdArrays.row(parameters), false);
    ModelSerializer.writeModel(network, out, false);
  }

  /**
   * Reads a model: a {@link NeuralNetworkClassificationModel} if it ends in softmax, else a {@link
   * NeuralNetworkRegressionModel}. A network that Convene has computes natively, any other by DL4J.
   *
   * @param in stays open
   * @param what the file, as a message names it
   * @throws ConveneException (data) if it is no zip of a network that can be scored
   */
  public static TrainedModel read(InputStream in, String what) throws IOException {
    Nd4jRuntime.prepare();
    Map<String, byte[]> entries = entries(in, what);
    MultiLayerConfiguration configuration =
        SafeConfiguration.parse(
            new String(
                required(entries, ModelSerializer.CONFIGURATION_JSON, what),
                StandardCharsets.UTF_8),
            what);
    Network network = network(configuration, what);
    return model(network, parameters(entries, network.parameterCount(), what));
  }

  static TrainedModel model(Network network, float[] parameters) {
    return network.loss() == Loss.SOFTMAX_CROSS_ENTROPY
        ? NeuralNetworkClassificationModel.of(network, parameters)
        : NeuralNetworkRegressionModel.of(network, parameters);
  }

  /** Ours if it can be, else DL4J's. */
  static Network network(MultiLayerConfiguration configuration, String what) {
    Optional<DenseNetwork> dense = DenseConfiguration.network(configuration);
    return dense.isPresent() ? dense.get() : ConfiguredNetwork.of(configuration, what);
  }

  private static Map<String, byte[]> entries(InputStream in, String what) throws IOException {
    Map<String, byte[]> entries = new HashMap<>();
    try {
      ZipInputStream zip = new ZipInputStream(in);
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        switch (entry.getName()) {
          case ModelSerializer.CONFIGURATION_JSON ->
              entries.put(entry.getName(), limited(zip, entry, MAX_JSON_BYTES, what));
          case ModelSerializer.COEFFICIENTS_BIN ->
              entries.put(entry.getName(), limited(zip, entry, MAX_PARAMETER_BYTES, what));
          case ModelSerializer.PREPROCESSOR_BIN, ModelSerializer.NORMALIZER_BIN ->
              throw ConveneException.data(
                  "%s holds %s, which is not read: save the model without it, and preprocess with"
                      + " MLlib's stages",
                  what, entry.getName());
          default -> {
            // The updater's state, or what others have added: no part of the model.
          }
        }
      }
    } catch (ZipException damaged) {
      throw ConveneException.data("%s is damaged: %s", what, damaged.getMessage());
    }
    return entries;
  }

  private static byte[] limited(ZipInputStream zip, ZipEntry entry, int most, String what)
      throws IOException {
    byte[] bytes = zip.readNBytes(most);
    if (bytes.length == most && zip.read() >= 0) {
      throw ConveneException.data(
          "%s in %s is larger than %s bytes, which is more than is read",
          entry.getName(), what, most);
    }
    return bytes;
  }

  private static byte[] required(Map<String, byte[]> entries, String name, String what) {
    byte[] entry = entries.get(name);
    if (entry == null) {
      throw ConveneException.data("%s is no model file of DL4J: it lacks %s", what, name);
    }
    return entry;
  }

  /**
   * ND4J's format of arrays: the shape, then the values; each a mode, a length, a type and the
   * numbers, big-endian.
   */
  private static float[] parameters(Map<String, byte[]> entries, int expected, String what) {
    byte[] bytes = required(entries, ModelSerializer.COEFFICIENTS_BIN, what);
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      Header shape = Header.read(in);
      in.skipNBytes(shape.length * (shape.type.equals("INT") ? Integer.BYTES : Long.BYTES));
      Header values = Header.read(in);
      if (!values.type.equals("FLOAT")) {
        throw ConveneException.data(
            "%s has parameters of type %s: only FLOAT is read", what, values.type);
      }
      if (values.length != expected) {
        throw ConveneException.data(
            "%s has %s parameters, but its network has %s", what, values.length, expected);
      }
      if (in.available() < (long) expected * Float.BYTES) {
        throw new IOException("it ends too early");
      }
      float[] parameters = new float[expected];
      ByteBuffer.wrap(bytes, bytes.length - in.available(), expected * Float.BYTES)
          .asFloatBuffer()
          .get(parameters);
      return parameters;
    } catch (IOException damaged) {
      throw ConveneException.data(
          "%s is damaged: its %s cannot be read%s",
          what,
          ModelSerializer.COEFFICIENTS_BIN,
          damaged.getMessage() == null ? "" : ": " + damaged.getMessage());
    }
  }

  private record Header(long length, String type) {
    static Header read(DataInputStream in) throws IOException {
      String mode = in.readUTF();
      boolean old = mode.equals("DIRECT") || mode.equals("HEAP") || mode.equals("JAVACPP");
      return new Header(old ? in.readInt() : in.readLong(), in.readUTF());
    }
  }
}
