package dev.convene.dl4j;

import dev.convene.ConveneException;
import dev.convene.ml.NeuralNetworkClassificationModel;
import dev.convene.ml.NeuralNetworkModel;
import dev.convene.ml.NeuralNetworkRegressionModel;
import dev.convene.nn.Network;
import java.nio.file.Path;

/**
 * Models that Keras saved as HDF5: {@code model.save("m.h5")} of a Sequential model, by Keras 2
 * (tf.keras) or 3. Read by DL4J's importer; what is taken over is the network and its parameters,
 * not the optimizer, regularizers or constraints.
 *
 * <p>Files may come from anywhere: no code in them is run, and only layers that mean the same in
 * DL4J are taken.
 */
public final class KerasModelFile {
  private KerasModelFile() {}

  /**
   * Reads a model: a {@link NeuralNetworkClassificationModel} if it ends in softmax, or in logits
   * that were trained by a cross-entropy; a {@link NeuralNetworkRegressionModel} if it ends in a
   * linear layer. A network that Convene has computes natively, any other by DL4J. Features stand
   * in Keras' order, the last axis first to vary: images are [row][column][channel].
   *
   * @param file on a local disk
   * @param source the file, as a message names it
   * @throws ConveneException (data) if it is no model of Keras that can be scored
   */
  public static NeuralNetworkModel read(Path file, String source) {
    KerasNetwork imported = KerasNetwork.read(file, source);
    Network network = Dl4jModelFile.network(imported.configuration(), source);
    return Dl4jModelFile.model(network, imported.parameters());
  }
}
