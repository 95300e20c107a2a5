package dev.convene.tune;

import java.util.ArrayList;
import java.util.List;

/**
 * The rungs of successive halving: Jamieson and Talwalkar, "Non-stochastic best arm identification
 * and hyperparameter optimization", 2016. All candidates are trained for the first rung's epochs,
 * the better 1/eta of them, two at least, up to the second's, and so on.
 *
 * @param epochs that a candidate has been trained for at the end of each rung, ascending; at least
 *     one
 * @param eta at least 2
 */
public record Halving(List<Integer> epochs, int eta) {
  private static final int LEAST_KEPT = 2;

  public Halving {
    epochs = List.copyOf(epochs);
  }

  /**
   * Rungs that are eta times as long each as the one before; the last one has all epochs.
   *
   * @param first epochs of the first rung, at least 1
   * @param all epochs of a whole training, at least 1
   */
  public static Halving of(int first, int all, int eta) {
    List<Integer> rungs = new ArrayList<>();
    for (long epochs = first; epochs < all; epochs *= eta) {
      rungs.add((int) epochs);
    }
    rungs.add(all);
    return new Halving(rungs, eta);
  }

  /** A first rung after which there can be two more: all / eta^2, rounded up. */
  public static int defaultFirst(int all, int eta) {
    long squared = (long) eta * eta;
    return (int) ((all + squared - 1) / squared);
  }

  public int rungs() {
    return epochs.size();
  }

  /**
   * How many of a rung's candidates go on: 1/eta of them, rounded up, but two at least, so that the
   * last choice is one between whole trainings.
   */
  int keptOf(int candidates) {
    return Math.max(LEAST_KEPT, (candidates + eta - 1) / eta);
  }
}
