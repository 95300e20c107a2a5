package dev.convene.nn;

import dev.ludovic.netlib.blas.BLAS;
import java.io.Serializable;

/**
 * One of the functions that a network is made of, from rows of inputs to rows of outputs. Its
 * parameters, if it has any, are a view of the network's flat array, from {@link #offset} on.
 * Matrices of rows are row-major.
 *
 * <p>Outputs may take the place of inputs: a layer that writes into {@code x} returns it, any other
 * writes into {@code spare}. A network's first layer leaves its rows as they are.
 */
interface Layer extends Serializable {
  /** Numbers of a row that goes in. */
  int inputs();

  /** Numbers of a row that comes out. */
  int outputs();

  /** The place of its first parameter. */
  int offset();

  /** How many it has, maybe none. */
  int parameterCount();

  /**
   * Sets the parameters that training starts from; all are 0 before.
   *
   * @param random the layer's own stream
   */
  void initialize(float[] parameters, Initializer initializer, RandomStream random);

  /**
   * The outputs for scoring, [rows][outputs].
   *
   * @param x [rows][inputs]
   * @param spare room for the outputs
   */
  float[] outputs(BLAS blas, float[] parameters, float[] x, int rows, float[] spare);

  /**
   * Its part in training.
   *
   * @param maxRows the most rows of one call
   */
  LayerTraining training(int maxRows, Workspace workspace);
}
