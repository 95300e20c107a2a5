package dev.convene.train;

import dev.convene.blas.NativeBlas;

/** {@link Worker} on every shard. */
record NativeLearner(DenseTraining training) implements DenseLearner {
  @Override
  public RoundTask task(TrainingPlan plan) {
    DenseTraining sent = training;
    return (round, start, shard, worker) ->
        new Worker(sent, plan, NativeBlas.load().blas()).train(round, start, shard, worker);
  }
}
