package dev.convene.dl4j;

import dev.convene.nn.ForwardPass;
import java.util.Arrays;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A pass through DL4J's own network. */
final class ConfiguredForwardPass implements ForwardPass {
  /** Rows at a time: convolutions take much more memory than a row does. */
  private static final int MAX_ROWS = 128;

  private final MultiLayerNetwork network;
  private final int inputs;
  private final int outputs;
  private float[] loaded;

  /**
   * @param network without parameters yet
   */
  ConfiguredForwardPass(MultiLayerNetwork network, int inputs, int outputs) {
    this.network = network;
    this.inputs = inputs;
    this.outputs = outputs;
  }

  @Override
  public float[] outputs(float[] parameters, float[] x, int rows) {
    if (parameters != loaded) {
      load(parameters);
    }
    float[] all = new float[rows * outputs];
    for (int from = 0; from < rows; from += MAX_ROWS) {
      int n = Math.min(MAX_ROWS, rows - from);
      float[] part = Arrays.copyOfRange(x, from * inputs, (from + n) * inputs);
      try (INDArray features = NdArrays.rows(part, n);
          INDArray predicted = network.output(features)) {
        System.arraycopy(NdArrays.floats(predicted), 0, all, from * outputs, n * outputs);
      }
    }
    return all;
  }

  private void load(float[] parameters) {
    INDArray row = NdArrays.row(parameters);
    if (loaded == null) {
      network.init(row, false);
    } else {
      network.setParams(row);
    }
    loaded = parameters;
  }
}
