package dev.convene.train;

import java.util.List;

/** What training came to. */
public final class TrainingResult {
  private final float[] parameters;
  private final List<EpochRecord> history;
  private final TrainingEnd end;

  TrainingResult(float[] parameters, List<EpochRecord> history, TrainingEnd end) {
    this.parameters = parameters;
    this.history = List.copyOf(history);
    this.end = end;
  }

  /** Of the last epoch; with early stopping, of the best one. */
  public float[] parameters() {
    return parameters;
  }

  /** An element per epoch. */
  public List<EpochRecord> history() {
    return history;
  }

  /** How it ended. */
  public TrainingEnd end() {
    return end;
  }
}
