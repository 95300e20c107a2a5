package dev.convene.nn;

import dev.convene.nn.Backpropagation.GradientConsumer;

/**
 * The part in backpropagation of a network's first layer that has parameters, and of what stands
 * before it: nothing asks for a gradient by the rows. Its buffers make it a one-thread object.
 */
interface InputTraining {
  /**
   * The first layer's outputs in training, as {@link LayerTraining#forward} gives them.
   *
   * @param batch stays as it is until the way back is over
   */
  float[] forward(float[] parameters, RowBuffer batch, int rows, int firstRow, RandomStream random);

  /**
   * Takes the last forward pass's part in the gradient by the parameters.
   *
   * @param dy the loss's gradient by the outputs, [rows][outputs]
   * @param gradient flat, room for it
   * @param accumulate add to the part of the minibatch's rows so far
   */
  void parameterGradient(float[] dy, int rows, float[] gradient, boolean accumulate);

  /** Hands out the gradient of the whole minibatch. */
  void handOut(float[] gradient, GradientConsumer consumer);
}
