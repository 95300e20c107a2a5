package dev.convene.nn;

/**
 * A layer's part in backpropagation: forward, then back with what it remembers of that. Its buffers
 * make it a one-thread object. Results may take the place of arguments as in {@link Layer}.
 */
interface LayerTraining {
  /**
   * The outputs in training, [rows][outputs]; the array is reused by the next call.
   *
   * @param x [rows][inputs], stays as it is until the way back is over, but for a layer that
   *     returns it
   * @param firstRow the place of the first row in its minibatch
   * @param random the minibatch's stream for dropout
   */
  float[] forward(float[] parameters, float[] x, int rows, int firstRow, RandomStream random);

  /**
   * The loss's gradient by the inputs of the last forward pass, [rows][inputs].
   *
   * @param dy the gradient by the outputs, [rows][outputs]
   * @param spare room for the result
   */
  float[] inputGradient(float[] parameters, float[] dy, int rows, float[] spare);

  /**
   * Puts the loss's gradient by this layer's parameters in their places of the flat gradient.
   *
   * @param dy as of {@link #inputGradient}
   * @param accumulate add to what is there
   */
  void parameterGradient(float[] dy, int rows, float[] gradient, boolean accumulate);
}
