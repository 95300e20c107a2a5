package dev.convene.train;

import java.util.List;
import java.util.function.Function;

/**
 * The weighted average of what workers bring, in the order of the workers. Sums are in double and
 * rounded once, so that the average of equal states is that state.
 */
final class Averaging {
  private Averaging() {}

  /**
   * The state after a round.
   *
   * @param before the state that it began with, which stays if no contribution has weight
   */
  static TrainingState average(TrainingState before, List<Contribution> contributions) {
    List<Contribution> used = contributions.stream().filter(Contribution::hasWeight).toList();
    if (used.isEmpty()) {
      return before;
    }
    if (used.size() == 1) {
      return used.get(0).state();
    }
    float[] parameters = average(used, TrainingState::parameters);
    float[][] states = new float[used.get(0).state().optimizerStates().length][];
    for (int i = 0; i < states.length; i++) {
      int index = i;
      states[i] = average(used, state -> state.optimizerStates()[index]);
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
