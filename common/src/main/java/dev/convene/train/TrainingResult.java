package dev.convene.train;

import java.util.List;

/** What training came to. */
public final class TrainingResult {
  private final float[] parameters;
  private final Progress last;
  private final TrainingEnd end;

  TrainingResult(float[] parameters, Progress last, TrainingEnd end) {
    this.parameters = parameters;
    this.last = last;
    this.end = end;
  }

  /** Of the last epoch; with early stopping, of the best one. */
  public float[] parameters() {
    return parameters;
  }

  /** An element per epoch. */
  public List<EpochRecord> history() {
    return last.history();
  }

  /** All that the training was when it ended. */
  public Progress last() {
    return last;
  }

  /** How it ended. */
  public TrainingEnd end() {
    return end;
  }
}
