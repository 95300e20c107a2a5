package dev.convene.train;

import dev.convene.optim.Plateau;
import java.util.List;

/**
 * All that a training is at the end of an epoch. It is what a checkpoint has to hold: a {@link
 * TrainingLoop} of the same plan, learner and rows goes on from there as if it had never stopped.
 *
 * @param epoch the last one that has ended, from 1; 0 at the start
 * @param averaged the state, and what the averager remembers
 * @param isConverged another epoch would change nothing
 * @param history an element per epoch that has ended
 * @param plateau what is remembered to reduce the learning rate
 * @param best what early stopping remembers
 * @param divergence what is remembered to see a divergence
 */
public record Progress(
    int epoch,
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
        plan.averaging().initial(state),
        false,
        List.of(),
        plan.plateau().initial(),
        plan.earlyStopping().initial(parameters),
        DivergenceRule.Memory.INITIAL);
  }
}
