package dev.convene.train;

import dev.convene.optim.Schedule;

/**
 * A rate that falls by a factor each epoch, as torch.optim.lr_scheduler.ExponentialLR, after some
 * steps of linear warmup: it depends on both that a schedule is asked for.
 */
record StepDecay(double rate, double gamma, int warmup) implements Schedule {
  @Override
  public double rate(int epoch, long step) {
    return rate * Math.pow(gamma, epoch - 1.0) * Math.min(1, step / (double) warmup);
  }
}
