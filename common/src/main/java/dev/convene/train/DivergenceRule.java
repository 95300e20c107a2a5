package dev.convene.train;

import java.io.Serializable;

/**
 * What is a divergence beside a loss or parameters that are not finite, and what follows from it.
 *
 * @param stop else a divergence is reported and training goes on
 * @param factor a training loss above this times the first epoch's is a divergence
 */
public record DivergenceRule(boolean stop, double factor) implements Serializable {

  /**
   * What is remembered between rounds.
   *
   * @param firstLoss the first epoch's training loss; not a number until that epoch has ended
   * @param reported a divergence has been reported, and is not again
   */
  public record Memory(double firstLoss, boolean reported) {
    static final Memory INITIAL = new Memory(Double.NaN, false);

    /** When an epoch has ended. */
    Memory after(EpochRecord record) {
      return record.epoch() == 1 ? new Memory(record.trainLoss(), reported) : this;
    }
  }
}
