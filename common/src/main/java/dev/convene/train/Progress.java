package dev.convene.train;

import dev.convene.optim.Plateau;
import java.util.List;

/**
 * All that a training is between two rounds. It is what a checkpoint has to hold: a {@link
 * TrainingLoop} of the same plan, learner and rows goes on from there as if it had never stopped.
 *
 * @param epoch the last one that has ended, from 1; 0 at the start
 * @param partial the rounds since then
 * @param seconds that training had taken when that epoch ended, validation included
 * @param averaged the state, and what the averager remembers
 * @param isConverged another epoch would change nothing
 * @param history an element per epoch that has ended
 * @param plateau what is remembered to reduce the learning rate
 * @param best what early stopping remembers
 * @param divergence what is remembered to see a divergence
 */
public record Progress(
    int epoch,
    PartialEpoch partial,
    double seconds,
    Averaged averaged,
    boolean isConverged,
    List<EpochRecord> history,
    Plateau.Memory plateau,
    EarlyStopping.Best best,
    DivergenceRule.Memory divergence) {

  public Progress {
    history = List.copyOf(history);
  }

  /**
   * The start of a training.
   *
   * @param parameters that it starts from; they are not changed
   */
  public static Progress initial(TrainingPlan plan, Learner learner, float[] parameters) {
    TrainingState state = learner.initialState(parameters);
    return new Progress(
        0,
        PartialEpoch.NONE,
        0,
        plan.averaging().averager().initial(state),
        false,
        List.of(),
        plan.plateau().initial(),
        plan.earlyStopping().initial(parameters),
        DivergenceRule.Memory.INITIAL);
  }

  /** After another round of the same epoch. */
  Progress afterRound(
      PartialEpoch passed, Averaged newAveraged, DivergenceRule.Memory newDivergence) {
    return new Progress(
        epoch, passed, seconds, newAveraged, false, history, plateau, best, newDivergence);
  }
}
