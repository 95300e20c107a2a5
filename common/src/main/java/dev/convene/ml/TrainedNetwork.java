package dev.convene.ml;

import dev.convene.ConveneException;
import dev.convene.blas.NativeBlas;
import dev.convene.nn.ForwardPass;
import dev.convene.nn.Network;
import dev.convene.train.EpochRecord;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.ml.linalg.Vector;

/** A network, its parameters and how it came to them: what both kinds of model have inside. */
final class TrainedNetwork implements Serializable {
  private static final long serialVersionUID = 1;

  private final Network network;
  private final float[] parameters;
  private final int workers;
  private final List<EpochRecord> history;

  TrainedNetwork(Network network, float[] parameters, int workers, List<EpochRecord> history) {
    this.network = network;
    this.parameters = parameters;
    this.workers = workers;
    this.history = List.copyOf(history);
  }

  Network network() {
    return network;
  }

  float[] parameters() {
    return parameters;
  }

  /** The number of workers that trained it. */
  int workers() {
    return workers;
  }

  List<EpochRecord> history() {
    return history;
  }

  /** The outputs for one row. */
  double[] outputs(Vector features) {
    float[] x = new float[network.inputs()];
    copy(features, x, 0);
    float[] outputs = forwardPass(1).outputs(parameters, x, 1);
    double[] doubles = new double[network.outputs()];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = outputs[i];
    }
    return doubles;
  }

  /** A pass for the calling thread. */
  ForwardPass forwardPass(int maxRows) {
    return new ForwardPass(network, maxRows, NativeBlas.load().blas());
  }

  /**
   * Copies a row's features to {@code x} from {@code at}.
   *
   * @throws ConveneException (data) if they are not as many as the network's inputs
   */
  void copy(Vector features, float[] x, int at) {
    if (features.size() != network.inputs()) {
      throw ConveneException.data(
          "a row has %s features, but the model was trained on %s",
          features.size(), network.inputs());
    }
    double[] values = features.toArray();
    for (int i = 0; i < values.length; i++) {
      x[at + i] = (float) values[i];
    }
  }
}
