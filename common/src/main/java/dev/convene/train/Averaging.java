package dev.convene.train;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;

/**
 * How often workers' states are averaged, and how. A single worker's are not: its round is a whole
 * epoch, and its state goes on as it is.
 *
 * @param period minibatches per worker between averages, or {@link #ONCE_AN_EPOCH}
 */
public record Averaging(int period, Averager averager) implements Serializable {

  /** Parameters are averaged at the end of each epoch. */
  public static final int ONCE_AN_EPOCH = 0;

  /** The mean by weight of rows, every so many minibatches. */
  public static Averaging weighted(int period) {
    return new Averaging(period, new WeightedAverage());
  }

  /** Minibatches of a round, of an epoch in which no worker makes more than so many. */
  int minibatchesPerRound(int minibatchesPerEpoch, int workers) {
    boolean wholeEpoch = workers == 1 || period == ONCE_AN_EPOCH;
    return wholeEpoch ? minibatchesPerEpoch : Math.min(minibatchesPerEpoch, period);
  }

  /** What training starts with. */
  Averaged initial(TrainingState state) {
    int length = state.parameters().length;
    return new Averaged(
        state, Stream.generate(() -> new float[length]).limit(averager.memoryCount()).toList());
  }

  /**
   * What is there after a round, in which a worker without weight counts for nothing. If nobody has
   * weight, all stays as it was.
   *
   * @param contributions one of each worker, in their order
   */
  Averaged after(Averaged before, List<Contribution> contributions) {
    List<Contribution> used = contributions.stream().filter(Contribution::hasWeight).toList();
    if (used.isEmpty()) {
      return before;
    }
    if (contributions.size() == 1) {
      return new Averaged(used.get(0).state(), before.memory());
    }
    return averager.average(before, used);
  }
}
