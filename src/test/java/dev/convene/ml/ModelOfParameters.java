package dev.convene.ml;

import dev.convene.nn.DenseNetwork;
import java.util.List;

/** Makes models without training, for benchmarks. */
public final class ModelOfParameters {
  private ModelOfParameters() {}

  /** A classifier of these parameters, in the order that {@link DenseNetwork} defines. */
  public static NeuralNetworkClassificationModel classifier(
      DenseNetwork network, float[] parameters) {
    return new NeuralNetworkClassificationModel(
        "classifier", new TrainedNetwork(network, parameters, 1, List.of()));
  }
}
