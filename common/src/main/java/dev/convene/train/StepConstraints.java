package dev.convene.train;

import java.io.Serializable;

/**
 * What is done to gradients and parameters around an optimizer's step. Whatever is 0 is not done.
 *
 * @param l1 penalty: this times the sum of the parameters' sizes is part of what is minimized, but
 *     not of the reported loss; at least 0
 * @param clipValue a gradient's elements are cut at plus and minus this, as
 *     torch.nn.utils.clip_grad_value_ does; at least 0
 * @param clipNorm a gradient whose Euclidean norm is larger is shortened to it, as
 *     torch.nn.utils.clip_grad_norm_ does (Pascanu et al. 2013); at least 0
 * @param maxNorm after each step, a unit whose incoming weights, without the bias, have a larger
 *     Euclidean norm gets them shortened to it (Srivastava et al. 2014); at least 0
 * @param movingAverage decay of an exponential moving average of the parameters, made after each
 *     step and begun with what the first one came to; it is the result of the training in place of
 *     the last parameters (Polyak, Juditsky 1992; torch.optim.swa_utils.AveragedModel); in [0, 1)
 */
public record StepConstraints(
    double l1, double clipValue, double clipNorm, double maxNorm, double movingAverage)
    implements Serializable {

  /** Nothing is done. */
  public static final StepConstraints NONE = new StepConstraints(0, 0, 0, 0, 0);

  boolean hasMovingAverage() {
    return movingAverage > 0;
  }
}
