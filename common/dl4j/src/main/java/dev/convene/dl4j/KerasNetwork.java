package dev.convene.dl4j;

import dev.convene.ConveneException;
import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.modelimport.keras.KerasLayer;
import org.deeplearning4j.nn.modelimport.keras.KerasSequentialModel;
import org.deeplearning4j.nn.modelimport.keras.config.KerasModelConfiguration;
import org.deeplearning4j.nn.modelimport.keras.exceptions.InvalidKerasConfigurationException;
import org.deeplearning4j.nn.modelimport.keras.exceptions.UnsupportedKerasConfigurationException;
import org.deeplearning4j.nn.modelimport.keras.utils.KerasModelBuilder;
import org.deeplearning4j.nn.modelimport.keras.utils.KerasModelUtils;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A network that Keras saved, as DL4J imports it. */
final class KerasNetwork {
  private static final byte[] HDF5 = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
  private static final String WEIGHTS = "model_weights";
  private static final int MOST_GROUPS = 8;

  private final MultiLayerConfiguration configuration;
  private final float[] parameters;

  private KerasNetwork(MultiLayerConfiguration configuration, float[] parameters) {
    this.configuration = configuration;
    this.parameters = parameters;
  }

  /**
   * Ends in an OutputLayer: softmax with MCXENT, or identity with MSE. It takes rows; images are in
   * Keras' order of axes: [height][width][channel].
   */
  MultiLayerConfiguration configuration() {
    return configuration;
  }

  /** In DL4J's order. */
  float[] parameters() {
    return parameters;
  }

  /**
   * Reads a file.
   *
   * @param source the file, as a message names it
   * @throws ConveneException (data) if it cannot be imported
   */
  static KerasNetwork read(Path file, String source) {
    Nd4jRuntime.prepare();
    try {
      requireHdf5(file, source);
      // Not DL4J's Hdf5Archive: its native library brings down the JVM on some damaged files.
      try (HdfFile hdf = new HdfFile(file)) {
        return read(hdf, Files.size(file), source);
      }
    } catch (ConveneException e) {
      throw e;
    } catch (IOException
        | InvalidKerasConfigurationException
        | UnsupportedKerasConfigurationException
        | RuntimeException
        | StackOverflowError failure) {
      String reason = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
      ConveneException unreadable =
          ConveneException.data(
              "%s cannot be read as a model of Keras (%s): save it again by model.save('m.h5')",
              source, reason);
      unreadable.addSuppressed(failure);
      throw unreadable;
    }
  }

  private static KerasNetwork read(HdfFile file, long bytes, String source)
      throws IOException,
          InvalidKerasConfigurationException,
          UnsupportedKerasConfigurationException {
    KerasDescription description = KerasDescription.read(file, source);
    KerasSequentialModel model =
        new KerasModelBuilder(new KerasModelConfiguration())
            .modelJson(description.json())
            .buildSequential();
    MultiLayerConfiguration configuration = model.getMultiLayerConfiguration();
    requireHeld(Dl4jModelFile.parameterCount(configuration), bytes, "network", source);
    for (KerasLayer layer : model.getLayersOrdered()) {
      if (layer.getNumParams() > 0) {
        layer.setWeights(weights(file, layer, bytes, source));
      }
    }
    MultiLayerNetwork network = new MultiLayerNetwork(configuration);
    network.init();
    for (KerasLayer layer : model.getLayersOrdered()) {
      if (layer.getNumParams() > 0) {
        requireShapes(layer, network.getLayer(layer.getLayerName()).paramTable(), source);
      }
    }
    KerasModelUtils.copyWeightsToModel(network, model.getLayers());
    return new KerasNetwork(
        TrainableConfiguration.of(
            configuration,
            model.getLayersOrdered().get(0).getInputShape(),
            description.endsInLogits(),
            source),
        NdArrays.floats(network.params()));
  }

  /**
   * A layer's arrays by name. They stand in the innermost of the groups below the layer's own,
   * whose names and number depend on Keras' version.
   */
  private static Map<String, INDArray> weights(
      HdfFile file, KerasLayer layer, long bytes, String source) {
    String name = layer.getLayerName();
    Group group = file;
    for (String step : new String[] {WEIGHTS, name}) {
      if (!(group.getChildren().get(step) instanceof Group inner)) {
        throw ConveneException.data(
            "%s is damaged: it lacks the weights of layer '%s'", source, name);
      }
      group = inner;
    }
    for (int depth = 0; depth < MOST_GROUPS && group.getChildren().size() == 1; depth++) {
      if (group.iterator().next() instanceof Group inner) {
        group = inner;
      }
    }
    Map<String, INDArray> weights = new HashMap<>();
    for (Node node : group) {
      if (node instanceof Dataset dataSet) {
        requireHeld(dataSet.getSize(), bytes, "layer '" + name + "'", source);
        weights.put(node.getName().replaceFirst(":\\d+$", ""), array(dataSet, name, source));
      }
    }
    if (weights.size() != layer.getNumParams()) {
      throw ConveneException.data(
          "%s is damaged: layer '%s' has %s arrays of weights instead of %s",
          source, name, weights.size(), layer.getNumParams());
    }
    return weights;
  }

  /** DL4J would reshape silently. */
  private static void requireShapes(
      KerasLayer layer, Map<String, INDArray> expected, String source) {
    for (Map.Entry<String, INDArray> array : layer.getWeights().entrySet()) {
      long[] stored = array.getValue().shape();
      INDArray parameter = expected.get(array.getKey());
      long[] shape =
          parameter.rank() > stored.length ? parameter.ravel().shape() : parameter.shape();
      if (!Arrays.equals(stored, shape)) {
        throw ConveneException.data(
            "%s is damaged: %s of layer '%s' is %s instead of %s",
            source,
            array.getKey().equals("W") ? "the kernel" : "the bias",
            layer.getLayerName(),
            Arrays.toString(stored),
            Arrays.toString(shape));
      }
    }
  }

  private static INDArray array(Dataset dataSet, String layer, String source) {
    long[] shape = Arrays.stream(dataSet.getDimensions()).asLongStream().toArray();
    if (dataSet.getDataFlat() instanceof float[] values) {
      return Nd4j.create(values, shape, 'c');
    }
    throw ConveneException.data(
        "%s has weights of layer '%s' that are no float32: save the model with them",
        source, layer);
  }

  /** A small file can claim anything: memory is asked for no more than it can hold. */
  private static void requireHeld(long values, long bytes, String part, String source) {
    if (values > bytes / Float.BYTES) {
      throw ConveneException.data(
          "%s is damaged: its %s has %s parameters, more than the %s bytes of the file hold",
          source, part, values, bytes);
    }
  }

  private static void requireHdf5(Path file, String source) throws IOException {
    byte[] start;
    try (InputStream in = Files.newInputStream(file)) {
      start = in.readNBytes(HDF5.length);
    } catch (NoSuchFileException missing) {
      throw ConveneException.data("%s does not exist", source);
    }
    if (start.length > 1 && start[0] == 'P' && start[1] == 'K') {
      throw ConveneException.data(
          "%s is a zip, as Keras 3 saves models (.keras), and not HDF5: load it there and save it by"
              + " model.save('m.h5')",
          source);
    }
    if (!Arrays.equals(start, HDF5)) {
      throw ConveneException.data(
          "%s is no HDF5 file: save the model in Keras by model.save('m.h5')", source);
    }
  }
}
