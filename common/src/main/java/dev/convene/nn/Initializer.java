package dev.convene.nn;

import dev.convene.nn.RandomStream.Purpose;

/** How parameters start. Fan-in and fan-out are a layer's inputs and outputs. */
public enum Initializer {
  /** Glorot and Bengio 2010: uniform within sqrt(6 / (fan-in + fan-out)); biases 0. */
  XAVIER {
    @Override
    void weights(float[] parameters, int from, int to, int fanIn, int fanOut, RandomStream random) {
      uniform(parameters, from, to, Math.sqrt(6.0 / (fanIn + fanOut)), random);
    }
  },

  /** He et al. 2015, for ReLU: uniform within sqrt(6 / fan-in); biases 0. */
  KAIMING {
    @Override
    void weights(float[] parameters, int from, int to, int fanIn, int fanOut, RandomStream random) {
      uniform(parameters, from, to, Math.sqrt(6.0 / fanIn), random);
    }
  },

  /** Normal with mean 0 and standard deviation 1; biases 0. */
  NORMAL {
    @Override
    void weights(float[] parameters, int from, int to, int fanIn, int fanOut, RandomStream random) {
      for (int i = from; i < to; i++) {
        parameters[i] = (float) random.nextGaussian();
      }
    }
  },

  /** All 0: only a network without hidden layers learns from there. */
  ZEROS {
    @Override
    void weights(
        float[] parameters, int from, int to, int fanIn, int fanOut, RandomStream random) {}
  },

  /** What torch.nn.Linear does: weights and biases uniform within 1 / sqrt(fan-in). */
  PYTORCH {
    @Override
    void weights(float[] parameters, int from, int to, int fanIn, int fanOut, RandomStream random) {
      uniform(parameters, from, to, 1 / Math.sqrt(fanIn), random);
    }

    @Override
    void biases(float[] parameters, int from, int to, int fanIn, RandomStream random) {
      uniform(parameters, from, to, 1 / Math.sqrt(fanIn), random);
    }
  };

  /** The parameters that a network starts from; the same for the same seed. */
  public float[] initialParameters(DenseNetwork network, long seed) {
    float[] parameters = new float[network.parameterCount()];
    int number = 0;
    for (Layer layer : network.stack()) {
      if (layer.parameterCount() > 0) {
        RandomStream random = RandomStream.of(seed, Purpose.INITIAL_PARAMETERS, number++);
        layer.initialize(parameters, this, random);
      }
    }
    return parameters;
  }

  /** Sets the weights of a layer, which are 0. */
  abstract void weights(
      float[] parameters, int from, int to, int fanIn, int fanOut, RandomStream random);

  /** Sets the biases of a layer, which are 0, after its weights. */
  void biases(float[] parameters, int from, int to, int fanIn, RandomStream random) {}

  private static void uniform(
      float[] parameters, int from, int to, double bound, RandomStream random) {
    for (int i = from; i < to; i++) {
      parameters[i] = (float) ((2 * random.nextDouble() - 1) * bound);
    }
  }
}
