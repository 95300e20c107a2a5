package dev.convene.train;

import dev.convene.blas.NativeBlas;

/** {@link Worker} on every shard. */
final class NativeBackend implements TrainingBackend {
  @Override
  public String name() {
    return NATIVE;
  }

  @Override
  public void requireUsable() {}

  @Override
  public void check(TrainingPlan plan, boolean weighted) {}

  @Override
  public RoundTask task(TrainingPlan plan) {
    return (round, start, shard, worker) ->
        new Worker(plan, NativeBlas.load().blas()).train(round, start, shard, worker);
  }
}
