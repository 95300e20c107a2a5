package dev.convene.train;

import dev.convene.optim.Schedule;
import dev.convene.optim.Step;

/**
 * A rate that falls by a factor each epoch, as torch.optim.lr_scheduler.ExponentialLR, after some
 * steps of linear warmup: it depends on both that a schedule is asked for.
 */
record WarmDecay(double rate, double gamma, int warmup) implements Schedule {
  @Override
  public double rate(Step step) {
    return rate
        * Math.pow(gamma, step.epoch() - 1.0)
        * Math.min(1, step.number() / (double) warmup);
  }
}
