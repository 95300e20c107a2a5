package dev.convene.train;

import java.util.List;
import java.util.function.Function;

/**
 * What the workers came to in a round.
 *
 * @param mean of their states, by the weight of the rows that each used: of parameters and of what
 *     the optimizer remembers alike; null if nobody has weight
 * @param reports one of each worker, in their order
 */
public record TrainedRound(TrainingState mean, List<WorkerReport> reports) {

  public TrainedRound {
    reports = List.copyOf(reports);
  }

  /**
   * Of contributions in the order of the workers. Sums are in double, in that order, and rounded
   * once, so that the mean of equal states is that state.
   */
  public static TrainedRound of(List<Contribution> contributions) {
    List<Contribution> used = contributions.stream().filter(Contribution::hasWeight).toList();
    return new TrainedRound(mean(used), contributions.stream().map(Contribution::report).toList());
  }

  private static TrainingState mean(List<Contribution> used) {
    if (used.size() <= 1) {
      return used.isEmpty() ? null : used.get(0).state();
    }
    float[][] states = new float[used.get(0).state().optimizerStates().length][];
    for (int i = 0; i < states.length; i++) {
      int index = i;
      states[i] = mean(used, state -> state.optimizerStates()[index]);
    }
    return new TrainingState(mean(used, TrainingState::parameters), states);
  }

  private static float[] mean(List<Contribution> used, Function<TrainingState, float[]> part) {
    return WeightedMean.of(
        used.stream().mapToDouble(contribution -> contribution.report().sums().weight()).toArray(),
        used.stream().map(contribution -> part.apply(contribution.state())).toList());
  }

  LossSum losses() {
    return LossSum.total(reports.stream().map(WorkerReport::sums).toList());
  }
}
