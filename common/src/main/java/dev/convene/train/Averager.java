package dev.convene.train;

import java.io.Serializable;

/**
 * A rule that makes the state which the next round begins with of the mean of those that workers
 * came to. It is stateless: what it remembers between rounds lies in arrays as long as the
 * parameters, which the caller keeps (and stores, restores) beside the state.
 */
public interface Averager extends Serializable {
  /** What a training begins with. */
  Averaged initial(TrainingState state);

  /**
   * The state after a round, and what is remembered then. A pure function: it changes no array that
   * it is given, though it may give it back.
   *
   * @param before the state that the round began with, and what was remembered then
   * @param mean of the states that the workers came to, see {@link TrainedRound}
   */
  Averaged next(Averaged before, TrainingState mean);

  /** The state that is validated and kept, of one that the next round begins with. */
  TrainingState result(Averaged averaged);
}
