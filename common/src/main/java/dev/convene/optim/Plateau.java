package dev.convene.optim;

import java.io.Serializable;

/**
 * Reduces the learning rate when a loss has stopped falling: torch.optim.lr_scheduler's
 * ReduceLROnPlateau of mode min. It is stateless: what it remembers is a {@link Memory}.
 *
 * @param rate that training starts with, above 0
 * @param factor of the rate at a reduction, in (0, 1)
 * @param patience epochs without a better loss that are borne; one more reduces the rate
 * @param threshold by how much a better loss is lower, at least 0
 * @param isRelative the threshold is a share of the best loss
 * @param cooldown epochs after a reduction that do not count
 * @param minRate the rate never falls below it, at least 0
 * @param ofValidation it looks at the validation rows' loss, else at the training loss
 */
public record Plateau(
    double rate,
    double factor,
    int patience,
    double threshold,
    boolean isRelative,
    int cooldown,
    double minRate,
    boolean ofValidation)
    implements Serializable {

  /** The rate stays as the schedule has it. */
  public static final Plateau NONE = new Plateau(1, 0.5, Integer.MAX_VALUE, 0, false, 0, 0, false);

  /** PyTorch ignores changes of the rate that are not larger. */
  private static final double EPS = 1e-8;

  /**
   * What is remembered between epochs.
   *
   * @param rate in force
   * @param best loss so far
   * @param badEpochs since it, or since a reduction
   * @param cooldown epochs that do not count yet
   */
  public record Memory(double rate, double best, int badEpochs, int cooldown)
      implements Serializable {}

  /** What is in force, as a share of what training starts with. */
  public double share(Memory memory) {
    return memory.rate / rate;
  }

  /** Before the first epoch. */
  public Memory initial() {
    return new Memory(rate, Double.POSITIVE_INFINITY, 0, 0);
  }

  /** After an epoch of that loss, which may not be a number. */
  public Memory after(Memory before, double loss) {
    boolean isBetter =
        loss < (isRelative ? before.best * (1 - threshold) : before.best - threshold);
    double best = isBetter ? loss : before.best;
    boolean cools = before.cooldown > 0;
    int badEpochs = isBetter || cools ? 0 : before.badEpochs + 1;
    if (badEpochs > patience) {
      double reduced = Math.max(before.rate * factor, minRate);
      return new Memory(before.rate - reduced > EPS ? reduced : before.rate, best, 0, cooldown);
    }
    return new Memory(before.rate, best, badEpochs, cools ? before.cooldown - 1 : 0);
  }
}
