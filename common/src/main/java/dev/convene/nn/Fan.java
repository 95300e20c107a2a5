package dev.convene.nn;

/** Which of a layer's numbers of units decides the variance of its initial weights. */
public enum Fan {
  /** Its inputs: the variance of the outputs is kept on the way forward. */
  IN {
    @Override
    int of(int inputs, int outputs) {
      return inputs;
    }
  },

  /** Its outputs: the variance of the gradients is kept on the way back. */
  OUT {
    @Override
    int of(int inputs, int outputs) {
      return outputs;
    }
  };

  abstract int of(int inputs, int outputs);
}
