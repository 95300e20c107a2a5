package dev.convene.optim;

import java.io.Serializable;

/**
 * A rule that turns a gradient into a step, with its hyperparameters; definitions and defaults are
 * those of torch.optim. It is stateless: what it remembers between steps lies in arrays as long as
 * the parameters, which the caller keeps (and averages, stores, restores) with them.
 */
public interface Optimizer extends Serializable {

  /** How many arrays it remembers, all 0 before the first step. */
  int stateCount();

  /** What becomes of weights that sparse rows do not touch. */
  default Untouched untouched() {
    return Untouched.MOVE;
  }

  /**
   * Makes one step of the parameters from {@code from} to {@code to}; the gradient and the states
   * have the same places.
   *
   * @param step from 1
   * @param learningRate of this step, see {@link Schedule}
   * @param gradient is used up: its elements are undefined afterwards
   */
  void step(
      long step,
      double learningRate,
      float[] parameters,
      float[] gradient,
      float[][] states,
      int from,
      int to);
}
