package dev.convene.train;

import dev.convene.data.Shards;

/** {@link Worker} on every shard. */
final class NativeTrainer implements NetworkTrainer {
  @Override
  public String name() {
    return NATIVE;
  }

  @Override
  public void check(TrainingPlan plan) {}

  @Override
  public Workers workers(TrainingPlan plan, Shards training, Workers nativeWorkers) {
    return nativeWorkers;
  }
}
