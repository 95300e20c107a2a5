package dev.convene.dl4j;

import dev.convene.optim.Schedule;
import dev.convene.train.Round;
import org.nd4j.linalg.schedule.ISchedule;

/** A schedule of ours in a round, as DL4J asks for it: it counts iterations from 0. */
record ScheduledRate(Schedule schedule, Round round) implements ISchedule {
  @Override
  public double valueAt(int iteration, int epoch) {
    return rate(Math.toIntExact(iteration - round.stepsBefore()));
  }

  /** Of the step on a minibatch. */
  double rate(int minibatch) {
    return round.rateShare() * schedule.rate(round.step(minibatch));
  }

  @Override
  public ISchedule clone() {
    return this;
  }
}
