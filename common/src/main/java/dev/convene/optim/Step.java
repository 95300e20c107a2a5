package dev.convene.optim;

/**
 * The place of an optimizer's step in its training. Steps are global: with several workers, their
 * steps side by side are one.
 *
 * @param number from 1, over all epochs
 * @param epoch of the step, from 1
 * @param perEpoch steps of an epoch
 * @param epochs of the whole training, unless it stops early
 */
public record Step(long number, int epoch, long perEpoch, int epochs) {

  /** Steps of the whole training, unless it stops early. */
  public long total() {
    return perEpoch * epochs;
  }
}
