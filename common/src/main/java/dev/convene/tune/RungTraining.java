package dev.convene.tune;

/** Trains candidates. */
public interface RungTraining {
  /**
   * Trains a candidate on to the end of a rung, from where the last call left it; from its start if
   * there was none. Called by several threads, each for another candidate.
   *
   * @param epochs in all, to which it is to be trained at most
   */
  RungResult train(int candidate, int rung, int epochs);

  /** A candidate will not be trained any more; may be called again for the same one. */
  void retire(int candidate);
}
