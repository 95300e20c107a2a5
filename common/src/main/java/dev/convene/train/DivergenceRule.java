package dev.convene.train;

import java.io.Serializable;
import java.util.List;

/**
 * What is a divergence beside a loss or parameters that are not finite, and what follows from it.
 *
 * @param stop else a divergence is reported and training goes on
 * @param factor a training loss above this times the first epoch's, or above this times the one
 *     that training started from for most minibatches of a while, is a divergence
 */
public record DivergenceRule(boolean stop, double factor) implements Serializable {

  /**
   * What is remembered between rounds.
   *
   * @param initialLoss of a sample of the rows before the first step; not a number if unknown
   * @param firstLoss the first epoch's training loss; not a number until that epoch has ended
   * @param recent losses of minibatches that wait until there are enough to be judged
   * @param reported a divergence has been reported, and is not again
   */
  public record Memory(double initialLoss, double firstLoss, List<Float> recent, boolean reported) {
    static final Memory INITIAL = new Memory(Double.NaN, Double.NaN, List.of(), false);

    /** When an epoch has ended. */
    Memory after(EpochRecord record) {
      return record.epoch() == 1
          ? new Memory(initialLoss, record.trainLoss(), recent, reported)
          : this;
    }

    Memory withInitialLoss(double loss) {
      return new Memory(loss, firstLoss, recent, reported);
    }

    Memory withRecent(List<Float> losses) {
      return new Memory(initialLoss, firstLoss, List.copyOf(losses), reported);
    }

    Memory withReport() {
      return new Memory(initialLoss, firstLoss, recent, true);
    }
  }
}
