package dev.convene.train;

import dev.convene.nn.RowBuffer;
import java.util.function.ToDoubleBiFunction;

/**
 * Rows of a class and of the others, counted in bins of the class's log-odds: what the areas under
 * its curves are made of. There are 64 bins a unit, from -32 to 32: what a shard sends does not
 * grow with its rows. Rows of a bin rank alike.
 *
 * <p>Two classes need one pair of histograms, that of class 1; more need one for each.
 */
final class RankCounts {
  private static final int BINS = 4096;
  private static final int BINS_PER_UNIT = 64;

  private RankCounts() {}

  /** Of the array for a network of so many outputs. */
  static int length(int width) {
    return 2 * BINS * ranked(width);
  }

  private static int ranked(int width) {
    return width == 2 ? 1 : width;
  }

  static void count(double[] counts, float[] outputs, RowBuffer rows, int n, int width) {
    for (int row = 0; row < n; row++) {
      int label = (int) rows.targets()[row];
      float weight = rows.weights()[row];
      if (width == 2) {
        double logOdds = (double) outputs[2 * row + 1] - outputs[2 * row];
        counts[at(0, label == 1, bin(logOdds))] += weight;
      } else {
        countEach(counts, outputs, row * width, width, label, weight);
      }
    }
  }

  private static void countEach(
      double[] counts, float[] outputs, int from, int width, int label, float weight) {
    double max = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < width; k++) {
      max = Math.max(max, outputs[from + k]);
    }
    double all = 0;
    for (int k = 0; k < width; k++) {
      all += Math.exp(outputs[from + k] - max);
    }
    for (int k = 0; k < width; k++) {
      double odds = Math.exp(outputs[from + k] - max);
      counts[at(k, label == k, bin(Math.log(odds / Math.max(all - odds, 1e-300))))] += weight;
    }
  }

  private static int bin(double logOdds) {
    int bin = (int) Math.floor(logOdds * BINS_PER_UNIT) + BINS / 2;
    return Math.max(0, Math.min(bin, BINS - 1));
  }

  private static int at(int ranked, boolean positive, int bin) {
    return (2 * ranked + (positive ? 1 : 0)) * BINS + bin;
  }

  /** The mean of an area over the classes that have rows and are not all rows. */
  static double mean(double[] counts, int width, ToDoubleBiFunction<double[], Integer> area) {
    double sum = 0;
    int classes = 0;
    for (int k = 0; k < ranked(width); k++) {
      double value = area.applyAsDouble(counts, k);
      if (!Double.isNaN(value)) {
        sum += value;
        classes++;
      }
    }
    return sum / classes;
  }

  static double areaUnderRoc(double[] counts, int ranked) {
    double positives = 0;
    double negatives = 0;
    double area = 0;
    for (int bin = BINS - 1; bin >= 0; bin--) {
      double more = counts[at(ranked, true, bin)];
      double fewer = counts[at(ranked, false, bin)];
      area += fewer * (positives + more / 2);
      positives += more;
      negatives += fewer;
    }
    return area / (positives * negatives);
  }

  static double areaUnderPrecisionRecall(double[] counts, int ranked) {
    double positives = 0;
    double all = 0;
    double area = 0;
    double precision = Double.NaN;
    for (int bin = BINS - 1; bin >= 0; bin--) {
      double more = counts[at(ranked, true, bin)];
      double rows = more + counts[at(ranked, false, bin)];
      if (rows > 0) {
        positives += more;
        all += rows;
        double before = Double.isNaN(precision) ? positives / all : precision;
        precision = positives / all;
        area += more * (before + precision) / 2;
      }
    }
    return all > positives ? area / positives : Double.NaN;
  }
}
