package dev.convene.train;

import java.util.List;

/**
 * What is there between two rounds.
 *
 * @param state that the next round begins with
 * @param memory the averager's, arrays as long as the parameters, which nobody changes
 */
public record Averaged(TrainingState state, List<float[]> memory) {

  public Averaged {
    memory = List.copyOf(memory);
  }
}
