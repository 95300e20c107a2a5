package dev.convene.train;

import java.util.List;
import java.util.function.Function;

/**
 * The mean of the workers' parameters and optimizer states by the weight of the rows that each
 * used. Sums are in double, in the order of the workers, and rounded once, so that the average of
 * equal states is that state. It remembers nothing.
 */
record WeightedAverage() implements Averager {
  @Override
  public int memoryCount() {
    return 0;
  }

  @Override
  public Averaged average(Averaged before, List<Contribution> contributions) {
    return new Averaged(average(contributions), before.memory());
  }

  private static TrainingState average(List<Contribution> contributions) {
    TrainingState first = contributions.get(0).state();
    if (contributions.size() == 1) {
      return first;
    }
    float[] parameters = average(contributions, TrainingState::parameters);
    float[][] states = new float[first.optimizerStates().length][];
    for (int i = 0; i < states.length; i++) {
      int index = i;
      states[i] = average(contributions, state -> state.optimizerStates()[index]);
    }
    return new TrainingState(parameters, states);
  }

  private static float[] average(
      List<Contribution> contributions, Function<TrainingState, float[]> part) {
    double[] sums = new double[part.apply(contributions.get(0).state()).length];
    double total = 0;
    for (Contribution contribution : contributions) {
      double weight = contribution.sums().weight();
      float[] values = part.apply(contribution.state());
      for (int i = 0; i < sums.length; i++) {
        sums[i] += weight * values[i];
      }
      total += weight;
    }
    float[] average = new float[sums.length];
    for (int i = 0; i < sums.length; i++) {
      average[i] = (float) (sums[i] / total);
    }
    return average;
  }
}
