package dev.convene.optim;

import java.io.Serializable;

/**
 * How a learning rate changes while a {@link CurveSchedule} counts: the rules of
 * torch.optim.lr_scheduler, each in closed form.
 */
public interface RateCurve extends Serializable {
  /**
   * The rate after so many counts: what PyTorch's scheduler has after as many calls of step().
   *
   * @param base the learning rate that the user set
   * @param count from 0
   * @param length counts until the end of the curve, at least 1; the count may exceed it
   */
  double rate(double base, long count, long length);
}
