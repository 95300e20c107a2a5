package dev.convene.optim;

import java.io.Serializable;

/**
 * The learning rate of each step of a training. It is a pure function, for workers ask for it
 * wherever they are: all that it may depend on is its own settings and the place of the step.
 */
public interface Schedule extends Serializable {
  /**
   * The rate of a step.
   *
   * @param epoch of the step, from 1: what PyTorch's schedulers count
   * @param step from 1, over all epochs
   * @return at least 0
   */
  double rate(int epoch, long step);

  /**
   * Whether all steps have the same rate. Some optimizers of other libraries are PyTorch's only
   * then.
   */
  default boolean isConstant() {
    return false;
  }

  /**
   * The same rate for every step.
   *
   * @param rate at least 0
   */
  static Schedule constant(double rate) {
    return new ConstantRate(rate);
  }
}
