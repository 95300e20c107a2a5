package dev.convene.dl4j;

import dev.convene.ConveneException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.hdf5.DataSet;
import org.bytedeco.hdf5.DataSpace;
import org.bytedeco.hdf5.Group;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.modelimport.keras.Hdf5Archive;
import org.deeplearning4j.nn.modelimport.keras.KerasLayer;
import org.deeplearning4j.nn.modelimport.keras.KerasSequentialModel;
import org.deeplearning4j.nn.modelimport.keras.config.KerasModelConfiguration;
import org.deeplearning4j.nn.modelimport.keras.exceptions.InvalidKerasConfigurationException;
import org.deeplearning4j.nn.modelimport.keras.exceptions.UnsupportedKerasConfigurationException;
import org.deeplearning4j.nn.modelimport.keras.utils.KerasModelBuilder;
import org.deeplearning4j.nn.modelimport.keras.utils.KerasModelUtils;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

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
   * Ends in an OutputLayer: softmax with MCXENT, or identity with MSE. Images that a convolution
   * reads are in Keras' order of axes: [row][height][width][channel].
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
   * @param what the file, as a message names it
   * @throws ConveneException (data) if it cannot be imported
   */
  static KerasNetwork read(Path file, String what) {
    Nd4jRuntime.prepare();
    try {
      requireHdf5(file, what);
      // One at a time: the library is not made for threads.
      synchronized (Hdf5Archive.LOCK_OBJECT) {
        try (Hdf5Archive archive = new Hdf5Archive(file.toString())) {
          return read(archive, Files.size(file), what);
        }
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
          ConveneException.data("%s cannot be read as a model of Keras: %s", what, reason);
      unreadable.addSuppressed(failure);
      throw unreadable;
    }
  }

  private static KerasNetwork read(Hdf5Archive archive, long bytes, String what)
      throws IOException,
          InvalidKerasConfigurationException,
          UnsupportedKerasConfigurationException {
    KerasDescription description = KerasDescription.read(archive, what);
    KerasSequentialModel model =
        new KerasModelBuilder(new KerasModelConfiguration())
            .modelJson(description.json())
            .buildSequential();
    MultiLayerConfiguration configuration = model.getMultiLayerConfiguration();
    long parameters = 0;
    for (NeuralNetConfiguration conf : configuration.getConfs()) {
      parameters += conf.getLayer().initializer().numParams(conf);
    }
    requireHeld(parameters, bytes, "network", what);
    for (KerasLayer layer : model.getLayersOrdered()) {
      if (layer.getNumParams() > 0) {
        layer.setWeights(weights(archive, layer, bytes, what));
      }
    }
    MultiLayerNetwork network = new MultiLayerNetwork(configuration);
    network.init();
    KerasModelUtils.copyWeightsToModel(network, model.getLayers());
    return new KerasNetwork(
        TrainableConfiguration.of(configuration, description.endsInLogits(), what),
        network.params().dup('c').data().asFloat());
  }

  /**
   * A layer's arrays by name. They stand in the innermost of the groups below the layer's own,
   * whose names and number depend on Keras' version.
   */
  private static Map<String, INDArray> weights(
      Hdf5Archive archive, KerasLayer layer, long bytes, String what)
      throws UnsupportedKerasConfigurationException {
    String name = layer.getLayerName();
    if (!archive.getGroups(WEIGHTS).contains(name)) {
      throw ConveneException.data("%s is damaged: it lacks the weights of layer '%s'", what, name);
    }
    List<String> path = new ArrayList<>(List.of(WEIGHTS, name));
    List<String> inner = archive.getGroups(path.toArray(String[]::new));
    while (inner.size() == 1 && path.size() < MOST_GROUPS) {
      path.add(inner.get(0));
      inner = archive.getGroups(path.toArray(String[]::new));
    }
    String[] groups = path.toArray(String[]::new);
    Map<String, INDArray> weights = new HashMap<>();
    for (String dataSet : archive.getDataSets(groups)) {
      requireHeld(values(archive, dataSet, groups), bytes, "layer '" + name + "'", what);
      weights.put(dataSet.replaceFirst(":\\d+$", ""), archive.readDataSet(dataSet, groups));
    }
    if (weights.size() != layer.getNumParams()) {
      throw ConveneException.data(
          "%s is damaged: layer '%s' has %s arrays of weights instead of %s",
          what, name, weights.size(), layer.getNumParams());
    }
    // DL4J would reshape silently.
    if (layer.getLayer() instanceof DenseLayer dense) {
      long[] expected = {dense.getNIn(), dense.getNOut()};
      INDArray kernel = weights.get("kernel");
      if (kernel != null && !Arrays.equals(kernel.shape(), expected)) {
        throw ConveneException.data(
            "%s is damaged: the kernel of layer '%s' is %s instead of %s",
            what, name, Arrays.toString(kernel.shape()), Arrays.toString(expected));
      }
    }
    return weights;
  }

  private static long values(Hdf5Archive archive, String dataSet, String[] groups) {
    Group[] opened = archive.openGroups(groups);
    try (DataSet data = opened[opened.length - 1].openDataSet(dataSet);
        DataSpace space = data.getSpace()) {
      return space.getSimpleExtentNpoints();
    } finally {
      archive.closeGroups(opened);
    }
  }

  /**
   * A small file can claim anything; memory is asked for what it can hold, in two bytes a value.
   */
  private static void requireHeld(long values, long bytes, String part, String what) {
    if (values > bytes / 2) {
      throw ConveneException.data(
          "%s is damaged: its %s has %s parameters, more than the %s bytes of the file hold",
          what, part, values, bytes);
    }
  }

  private static void requireHdf5(Path file, String what) throws IOException {
    byte[] start;
    try (InputStream in = Files.newInputStream(file)) {
      start = in.readNBytes(HDF5.length);
    } catch (NoSuchFileException missing) {
      throw ConveneException.data("%s does not exist", what);
    }
    if (start.length > 1 && start[0] == 'P' && start[1] == 'K') {
      throw ConveneException.data(
          "%s is a zip, as Keras 3 saves models (.keras), and not HDF5: load it there and save it by"
              + " model.save('m.h5')",
          what);
    }
    if (!Arrays.equals(start, HDF5)) {
      throw ConveneException.data(
          "%s is no HDF5 file: save the model in Keras by model.save('m.h5')", what);
    }
  }
}
