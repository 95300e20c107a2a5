package dev.convene.train;

import java.util.List;

/** What training came to. */
public final class TrainingResult {
  private final float[] parameters;
  private final List<EpochRecord> history;

  TrainingResult(float[] parameters, List<EpochRecord> history) {
    this.parameters = parameters;
    this.history = List.copyOf(history);
  }

  /** Of the last epoch; with early stopping, of the best by validation loss. */
  public float[] parameters() {
    return parameters;
  }

  /** An element per epoch. */
  public List<EpochRecord> history() {
    return history;
  }
}
