package dev.convene.train;

import dev.convene.nn.Network;

/** Hears how training goes on. */
public interface TrainingListener {
  /** Hears nothing. */
  TrainingListener NONE = new TrainingListener() {};

  /** The network to train is known. */
  default void networkBuilt(Network network) {}

  /** A round has ended, of so many in this epoch. */
  default void roundEnded(Round round, int roundsOfEpoch) {}

  /** An epoch has ended. */
  default void epochEnded(EpochRecord record) {}

  /** No further epoch comes. */
  default void trainingEnded(TrainingEnd end) {}

  /** Something is wrong, but training goes on. */
  default void warn(String message) {}
}
