package dev.convene.train;

import java.io.Serializable;
import java.util.List;

/**
 * A rule that makes one state of those that workers come to in a round. It is stateless: what it
 * remembers between rounds lies in arrays as long as the parameters, which the caller keeps (and
 * stores, restores) beside the state.
 */
public interface Averager extends Serializable {
  /** How many arrays it remembers, all 0 before the first round. */
  int memoryCount();

  /**
   * The state after a round, and what is remembered then. A pure function: it changes no array that
   * it is given, though it may give it back.
   *
   * @param before the state that the round began with, and what was remembered then
   * @param contributions in the order of the workers, at least one; each has a state and a weight
   *     above 0
   */
  Averaged average(Averaged before, List<Contribution> contributions);
}
