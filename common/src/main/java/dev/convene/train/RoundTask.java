package dev.convene.train;

import dev.convene.shard.Shard;
import java.io.Serializable;

/** What a worker does in a round: a pure function, which may run twice, anywhere, in any order. */
public interface RoundTask extends Serializable {
  /**
   * Trains on the round's minibatches of this worker's list. The contribution's weight is 0 if none
   * is left.
   *
   * @param start is not changed
   * @param worker the number of the shard, from 0
   */
  Contribution train(Round round, TrainingState start, Shard shard, int worker);
}
