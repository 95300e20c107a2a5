package dev.convene.train;

/** What an epoch does to the state: some number of rounds. */
interface EpochPass {
  /**
   * What an epoch came to.
   *
   * @param averaged the state after it
   * @param training the rows it used
   * @param last of its rounds
   * @param isConverged no further epoch would change anything
   */
  record Passed(
      Averaged averaged,
      LossSum training,
      DivergenceRule.Memory divergence,
      Round last,
      boolean isConverged) {}

  /**
   * The epoch after that progress, or what is left of it.
   *
   * @throws dev.convene.ConveneException (diverged) if training diverges and is to stop then
   */
  Passed after(Progress before);
}
