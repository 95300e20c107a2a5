package dev.convene.optim;

import java.io.Serializable;

/**
 * The learning rate of each step of a training. It is a pure function, for workers ask for it
 * wherever they are: all that it may depend on is its own settings and the place of the step.
 */
public interface Schedule extends Serializable {
  /** The rate of a step, at least 0. */
  double rate(Step step);

  /**
   * The same rate for every step.
   *
   * @param rate at least 0
   */
  static Schedule constant(double rate) {
    return step -> rate;
  }
}
