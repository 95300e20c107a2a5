package dev.convene.train;

import dev.convene.nn.Network;

/** Hears how training goes on. */
public interface TrainingListener {
  /** Hears nothing. */
  TrainingListener NONE = new TrainingListener() {};

  /** The network to train is known. */
  default void networkBuilt(Network network) {}

  /** All rows are where they are trained on: the first epoch begins. */
  default void trainingStarted() {}

  /** A round has ended, of so many in this epoch. */
  default void roundEnded(Round round, int roundsOfEpoch) {}

  /** An epoch has ended. */
  default void epochEnded(EpochRecord record) {}

  /** An earlier training goes on from there. */
  default void resumed(Progress from) {}

  /** An epoch has ended, or a round of one that goes on: all that the training is now. */
  default void progressed(Progress progress) {}

  /** No further epoch comes. */
  default void trainingEnded(TrainingEnd end) {}

  /** Something is wrong, but training goes on. */
  default void warn(String message) {}
}
