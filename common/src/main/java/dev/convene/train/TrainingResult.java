package dev.convene.train;

import java.util.List;

/**
 * @param parameters of the last epoch, or of the best by validation loss if early stopping is on
 * @param history an element per epoch
 */
public record TrainingResult(float[] parameters, List<EpochRecord> history) {
  public TrainingResult {
    history = List.copyOf(history);
  }
}
