package dev.convene.dl4j;

import dev.convene.ConveneException;
import dev.convene.ml.NeuralNetworkClassificationModel;
import dev.convene.ml.NeuralNetworkRegressionModel;
import dev.convene.ml.TrainedModel;
import dev.convene.nn.Network;
import java.nio.file.Path;

/**
 * Models that Keras saved as HDF5: {@code model.save("m.h5")} of a Sequential model, by Keras 2
 * (tf.keras) or 3. Read by DL4J's importer; what is taken over is the network and its parameters,
 * neither the optimizer nor regularizers.
 *
 * <p>Files may come from anywhere: no code in them is run, and only layers that mean the same in
 * DL4J are taken.
 */
public final class KerasModelFile {
  private KerasModelFile() {}

  /**
   * Reads a network of dense layers with one activation and dropout: a {@link
   * NeuralNetworkClassificationModel} if it ends in softmax, or in logits that were trained by a
   * cross-entropy; a {@link NeuralNetworkRegressionModel} if it ends in a linear layer. Layers that
   * flatten the input are passed over: features stand in Keras' order, the last axis first to vary.
   *
   * @param file on a local disk
   * @param what the file, as a message names it
   * @throws ConveneException (data) if it is no model of Keras or no network that Convene has
   */
  public static TrainedModel read(Path file, String what) {
    KerasNetwork imported = KerasNetwork.read(file, what);
    // Here is the place for networks that are not ours: the configuration and its parameters are
    // complete.
    Network network = DenseConfiguration.network(imported.configuration(), what);
    return Dl4jModelFile.model(network, imported.parameters());
  }
}
