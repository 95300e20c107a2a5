package dev.convene.train;

import dev.convene.blas.NativeBlas;
import dev.convene.nn.DenseNetwork;

/** {@link Worker} on every shard. */
record NativeLearner(DenseTraining training) implements Learner {
  @Override
  public DenseNetwork network() {
    return training.network();
  }

  @Override
  public float[] initialParameters(long seed) {
    return training.initializer().initialParameters(training.network(), seed);
  }

  @Override
  public int stateCount() {
    return training.optimizer().stateCount();
  }

  @Override
  public double rate(int epoch, long step) {
    return training.schedule().rate(epoch, step);
  }

  @Override
  public String placeOfRate() {
    return "";
  }

  @Override
  public RoundTask task(TrainingPlan plan) {
    DenseTraining sent = training;
    return (round, start, shard, worker) ->
        new Worker(sent, plan, NativeBlas.load().blas()).train(round, start, shard, worker);
  }
}
