package dev.convene.train;

import dev.convene.blas.NativeBlas;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.Initializer;
import dev.convene.optim.Lbfgs;
import dev.convene.optim.Step;

/** A network of dense layers that L-BFGS trains, on all rows at once: an epoch is a step. */
public record LbfgsLearner(DenseNetwork network, Initializer initializer, Lbfgs lbfgs)
    implements Learner {
  @Override
  public float[] initialParameters(long seed) {
    return initializer.initialParameters(network, seed);
  }

  @Override
  public int stateCount() {
    return lbfgs.stateCount();
  }

  @Override
  public double rate(Step step) {
    return lbfgs.learningRate();
  }

  @Override
  public String placeOfRate() {
    return "";
  }

  @Override
  public RoundTask task(TrainingPlan plan) {
    DenseNetwork sent = network;
    return (round, start, shard, worker) ->
        ShardGradient.of(sent, start.parameters(), shard, NativeBlas.load().blas());
  }

  @Override
  public EpochPass epochPass(
      TrainingPlan plan, Workers workers, DivergenceGuard guard, TrainingListener listener) {
    return new LbfgsPass(lbfgs, plan, workers, guard);
  }
}
