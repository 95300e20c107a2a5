package dev.convene.ml;

import dev.convene.train.EpochRecord;
import java.util.List;

/**
 * How training went, in the terms of MLlib's training summaries.
 *
 * @since 0.1.0
 * @param history an element per epoch
 * @param workers how many trained side by side
 */
public record TrainingSummary(List<EpochRecord> history, int workers) {

  public TrainingSummary {
    history = List.copyOf(history);
  }

  /** The training loss of each epoch. */
  public double[] objectiveHistory() {
    return history.stream().mapToDouble(EpochRecord::trainLoss).toArray();
  }

  /** How many epochs were trained. */
  public int totalIterations() {
    return history.size();
  }
}
