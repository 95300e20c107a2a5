package dev.convene.dl4j;

import dev.convene.optim.Schedule;
import org.nd4j.linalg.schedule.ISchedule;

/** A schedule of ours as DL4J asks for it: it counts iterations and epochs from 0. */
record ScheduledRate(Schedule schedule) implements ISchedule {
  @Override
  public double valueAt(int iteration, int epoch) {
    return schedule.rate(epoch + 1, iteration + 1L);
  }

  @Override
  public ISchedule clone() {
    return this;
  }
}
