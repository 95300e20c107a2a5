package dev.convene.nn;

import java.util.Arrays;

/**
 * The loss of a network in plain double arithmetic, written from the definitions: what gradients
 * are checked against by central differences.
 */
final class DoublePrecisionNetwork {
  private static final double H = 1e-6;

  private final DenseNetwork network;
  private final float[] x;
  private final float[] targets;
  private final float[] weights;
  private final float[][] masks;
  private final double labelSmoothing;

  /**
   * @param masks factors of the hidden units, [hidden layer][row][unit], or null without dropout
   */
  DoublePrecisionNetwork(
      DenseNetwork network,
      float[] x,
      float[] targets,
      float[] weights,
      float[][] masks,
      double labelSmoothing) {
    this.network = network;
    this.x = x;
    this.targets = targets;
    this.weights = weights;
    this.masks = masks;
    this.labelSmoothing = labelSmoothing;
  }

  /** The derivative of the weighted mean loss by every parameter. */
  float[] gradient(float[] at) {
    double[] parameters = new double[at.length];
    Arrays.setAll(parameters, i -> at[i]);
    float[] gradient = new float[at.length];
    for (int i = 0; i < at.length; i++) {
      parameters[i] = at[i] + H;
      double above = meanLoss(parameters);
      parameters[i] = at[i] - H;
      double below = meanLoss(parameters);
      parameters[i] = at[i];
      gradient[i] = (float) ((above - below) / (2 * H));
    }
    return gradient;
  }

  private double meanLoss(double[] parameters) {
    int rows = x.length / network.inputs();
    double sum = 0;
    double totalWeight = 0;
    for (int row = 0; row < rows; row++) {
      sum += weights[row] * loss(outputs(parameters, row), row);
      totalWeight += weights[row];
    }
    return sum / totalWeight;
  }

  private double[] outputs(double[] parameters, int row) {
    double[] in = new double[network.inputs()];
    for (int i = 0; i < in.length; i++) {
      in[i] = x[row * in.length + i];
    }
    int last = network.layers().size() - 1;
    for (int l = 0; l <= last; l++) {
      DenseLayer layer = network.layers().get(l);
      double[] out = new double[layer.outputs()];
      for (int o = 0; o < out.length; o++) {
        double z = parameters[layer.offset() + layer.outputs() * layer.inputs() + o];
        for (int i = 0; i < in.length; i++) {
          z += parameters[layer.offset() + o * in.length + i] * in[i];
        }
        out[o] = l == last ? z : activation(z);
        if (l < last && masks != null) {
          out[o] *= masks[l][row * out.length + o];
        }
      }
      in = out;
    }
    return in;
  }

  private double activation(double z) {
    return switch (network.activation().description()) {
      case "relu" -> z > 0 ? z : 0;
      case "leaky-relu" -> z > 0 ? z : 0.01 * z;
      case "leaky-relu(0.2)" -> z > 0 ? z : 0.2 * z;
      case "sigmoid" -> 1 / (1 + Math.exp(-z));
      case "tanh" -> Math.tanh(z);
      case "elu" -> z > 0 ? z : Math.exp(z) - 1;
      case "selu" -> 1.0507009873554805 * (z > 0 ? z : 1.6732632423543772 * (Math.exp(z) - 1));
      case "gelu" -> z * normalDistribution(z);
      case "silu" -> z / (1 + Math.exp(-z));
      case "softplus" -> Math.log(1 + Math.exp(z));
      default -> throw new AssertionError(network.activation());
    };
  }

  /** By the series z + z^3/3 + z^5/(3 5) + ... (G. Marsaglia, 2004). */
  private static double normalDistribution(double z) {
    double sum = z;
    double term = z;
    for (int i = 3; Math.abs(term) > 1e-18; i += 2) {
      term *= z * z / i;
      sum += term;
    }
    return 0.5 + sum * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
  }

  private double loss(double[] outputs, int row) {
    return switch (network.loss()) {
      case SOFTMAX_CROSS_ENTROPY -> {
        double exponentials = Arrays.stream(outputs).map(Math::exp).sum();
        double crossEntropy = 0;
        for (int i = 0; i < outputs.length; i++) {
          double target = labelSmoothing / outputs.length;
          if (i == (int) targets[row]) {
            target += 1 - labelSmoothing;
          }
          crossEntropy -= target * Math.log(Math.exp(outputs[i]) / exponentials);
        }
        yield crossEntropy;
      }
      case MEAN_SQUARED_ERROR -> {
        double squares = 0;
        for (int i = 0; i < outputs.length; i++) {
          squares += Math.pow(outputs[i] - targets[row * outputs.length + i], 2);
        }
        yield squares / outputs.length;
      }
    };
  }
}
