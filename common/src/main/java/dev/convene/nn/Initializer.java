package dev.convene.nn;

import dev.convene.nn.RandomStream.Purpose;

/** How parameters start. Fan-in and fan-out are a layer's inputs and outputs. */
public enum Initializer {
  /** Glorot and Bengio 2010: uniform within sqrt(6 / (fan-in + fan-out)); biases 0. */
  XAVIER {
    @Override
    void fill(DenseLayer layer, float[] parameters, RandomStream random) {
      double bound = Math.sqrt(6.0 / (layer.inputs() + layer.outputs()));
      uniform(parameters, layer.offset(), layer.biasOffset(), bound, random);
    }
  },

  /** He et al. 2015, for ReLU: uniform within sqrt(6 / fan-in); biases 0. */
  KAIMING {
    @Override
    void fill(DenseLayer layer, float[] parameters, RandomStream random) {
      double bound = Math.sqrt(6.0 / layer.inputs());
      uniform(parameters, layer.offset(), layer.biasOffset(), bound, random);
    }
  },

  /** Normal with mean 0 and standard deviation 1; biases 0. */
  NORMAL {
    @Override
    void fill(DenseLayer layer, float[] parameters, RandomStream random) {
      for (int i = layer.offset(); i < layer.biasOffset(); i++) {
        parameters[i] = (float) random.nextGaussian();
      }
    }
  },

  /** All 0: only a network without hidden layers learns from there. */
  ZEROS {
    @Override
    void fill(DenseLayer layer, float[] parameters, RandomStream random) {}
  },

  /** What torch.nn.Linear does: weights and biases uniform within 1 / sqrt(fan-in). */
  PYTORCH {
    @Override
    void fill(DenseLayer layer, float[] parameters, RandomStream random) {
      double bound = 1 / Math.sqrt(layer.inputs());
      int end = layer.offset() + layer.parameterCount();
      uniform(parameters, layer.offset(), end, bound, random);
    }
  };

  /** The parameters that a network starts from; the same for the same seed. */
  public float[] initialParameters(DenseNetwork network, long seed) {
    float[] parameters = new float[network.parameterCount()];
    for (int i = 0; i < network.layers().size(); i++) {
      RandomStream random = RandomStream.of(seed, Purpose.INITIAL_PARAMETERS, i);
      fill(network.layers().get(i), parameters, random);
    }
    return parameters;
  }

  abstract void fill(DenseLayer layer, float[] parameters, RandomStream random);

  private static void uniform(
      float[] parameters, int from, int to, double bound, RandomStream random) {
    for (int i = from; i < to; i++) {
      parameters[i] = (float) ((2 * random.nextDouble() - 1) * bound);
    }
  }
}
