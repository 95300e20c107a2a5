package dev.convene.train;

import dev.convene.data.Shards;
import dev.convene.nn.Loss;

/** {@link Worker} on every shard. */
final class NativeTrainer implements NetworkTrainer {
  @Override
  public String name() {
    return NATIVE;
  }

  @Override
  public void check(TrainingPlan plan, boolean weighted) {}

  @Override
  public void checkDescription(String description) {
    throw new UnsupportedOperationException("its networks are made, not described");
  }

  @Override
  public DescribedNetwork network(String description, int inputs, int outputs, Loss loss) {
    throw new UnsupportedOperationException("its networks are made, not described");
  }

  @Override
  public Workers workers(TrainingPlan plan, Shards training, Workers nativeWorkers) {
    return nativeWorkers;
  }
}
