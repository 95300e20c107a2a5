package dev.convene.dl4j;

import dev.convene.optim.Optimizer;

/**
 * Stands for the updaters that a configuration names: DL4J makes their steps.
 *
 * @param stateCount arrays as long as the parameters that hold their state
 */
record ConfiguredUpdater(double learningRate, int stateCount) implements Optimizer {
  @Override
  public void step(
      long step,
      double rate,
      float[] parameters,
      float[] gradient,
      float[][] states,
      int from,
      int to) {
    throw new UnsupportedOperationException("DL4J makes the steps");
  }
}
