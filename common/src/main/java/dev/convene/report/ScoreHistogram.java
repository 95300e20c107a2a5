package dev.convene.report;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows of each class and of the others, counted in bins of the class's log-odds: what its ROC and
 * precision-recall curves are drawn from. There are 32 bins a unit, from -16 to 16: its size does
 * not grow with the rows. Of two classes only class 1 is ranked.
 */
public final class ScoreHistogram implements Serializable {
  private static final long serialVersionUID = 1;
  private static final int BINS = 1024;
  private static final int BINS_PER_UNIT = 32;

  /** [ranked class][bin]. */
  private final long[][] positives;

  private final long[][] negatives;

  /**
   * A point of both curves of a class: the rows at or above a score.
   *
   * @param falsePositiveRate NaN if all rows are of the class
   * @param truePositiveRate or recall
   */
  public record Point(double falsePositiveRate, double truePositiveRate, double precision) {}

  public ScoreHistogram(int classes) {
    int ranked = classes == 2 ? 1 : classes;
    positives = new long[ranked][BINS];
    negatives = new long[ranked][BINS];
  }

  /** Adds a row. */
  void add(int label, double[] probabilities) {
    for (int ranked = 0; ranked < positives.length; ranked++) {
      double probability = probabilities[ofClass(ranked)];
      long[] counts = label == ofClass(ranked) ? positives[ranked] : negatives[ranked];
      counts[bin(Math.log(probability / (1 - probability)))]++;
    }
  }

  /** Adds the rows of another, which keeps its own. */
  void add(ScoreHistogram other) {
    for (int ranked = 0; ranked < positives.length; ranked++) {
      for (int bin = 0; bin < BINS; bin++) {
        positives[ranked][bin] += other.positives[ranked][bin];
        negatives[ranked][bin] += other.negatives[ranked][bin];
      }
    }
  }

  /** How many classes have curves. */
  public int ranked() {
    return positives.length;
  }

  /** The class of a curve. */
  public int ofClass(int ranked) {
    return positives.length == 1 ? 1 : ranked;
  }

  /** From the highest score down, a point for each bin that has rows; none without positives. */
  public List<Point> curve(int ranked) {
    long allPositives = sum(positives[ranked]);
    long allNegatives = sum(negatives[ranked]);
    List<Point> points = new ArrayList<>();
    long truePositives = 0;
    long falsePositives = 0;
    for (int bin = BINS - 1; bin >= 0 && allPositives > 0; bin--) {
      truePositives += positives[ranked][bin];
      falsePositives += negatives[ranked][bin];
      if (positives[ranked][bin] + negatives[ranked][bin] > 0) {
        points.add(
            new Point(
                (double) falsePositives / allNegatives,
                (double) truePositives / allPositives,
                (double) truePositives / (truePositives + falsePositives)));
      }
    }
    return points;
  }

  private static long sum(long[] counts) {
    long sum = 0;
    for (long count : counts) {
      sum += count;
    }
    return sum;
  }

  /** NaN, of a probability that is none, counts as the lowest score. */
  private static int bin(double logOdds) {
    double bin = Math.floor(logOdds * BINS_PER_UNIT) + BINS / 2;
    return bin >= BINS ? BINS - 1 : Math.max(0, (int) bin);
  }
}
