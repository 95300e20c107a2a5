package dev.convene.preprocess;

import java.io.Serializable;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.linalg.Vector;

/**
 * Exact quantiles of features over all rows, as MLlib's RobustScaler means them: of n sorted values
 * the one at place ceil(n q), never a value in between. Missing values do not count.
 *
 * <p>Each pass over the rows cuts the interval that holds a quantile into {@value #PARTS} parts,
 * counts the values in each, and keeps the part with the quantile's place, shrunk to its smallest
 * and largest value, until these are equal: about 1 + log32(rows) passes for continuous values,
 * fewer for few distinct ones, 13 at most. A partition holds {@value #PARTS} x 24 bytes a quantile.
 */
final class Quantiles {
  private static final int PART_BITS = 5;
  private static final int PARTS = 1 << PART_BITS;

  private final double[][] values;

  private Quantiles(double[][] values) {
    this.values = values;
  }

  /**
   * Searches the quantiles of factor x feature.
   *
   * @param statistics those of the same rows and factor
   * @param fractions the q, in (0, 1], of every feature; empty where none is sought
   */
  static Quantiles of(
      JavaRDD<Vector> rows,
      FeatureColumns columns,
      double factor,
      ColumnStatistics statistics,
      double[][] fractions) {
    Intervals intervals = new Intervals(statistics, fractions);
    while (!intervals.areSingleValues()) {
      intervals.narrow(
          rows.treeAggregate(new Counts(columns, factor, intervals), Counts::add, Counts::merge)
              .withZeros());
    }
    return new Quantiles(intervals.values());
  }

  /** The quantiles of a feature in the order of its fractions. */
  double[] ofFeature(int feature) {
    return values[feature];
  }

  /** Maps doubles to longs of the same order; its own inverse on bits. */
  private static long inOrder(long bits) {
    return bits ^ ((bits >> 63) & Long.MAX_VALUE);
  }

  private static long key(double value) {
    // + 0.0 turns -0.0 into 0.0.
    return inOrder(Double.doubleToRawLongBits(value + 0.0));
  }

  /** Of every search the keys it lies between, both included. */
  private static final class Intervals implements Serializable {
    private static final long serialVersionUID = 1;

    /** Feature f has the searches [first[f], first[f + 1]). */
    private final int[] first;

    private final long[] low;
    private final long[] high;

    /** The place of the sought value among those in the interval, from 1. */
    private final long[] place;

    Intervals(ColumnStatistics statistics, double[][] fractions) {
      double[] minimum = statistics.minimum();
      double[] maximum = statistics.maximum();
      first = new int[fractions.length + 1];
      for (int f = 0; f < fractions.length; f++) {
        first[f + 1] = first[f] + fractions[f].length;
      }
      low = new long[first[fractions.length]];
      high = new long[low.length];
      place = new long[low.length];
      for (int f = 0; f < fractions.length; f++) {
        for (int s = first[f]; s < first[f + 1]; s++) {
          low[s] = key(minimum[f]);
          high[s] = key(maximum[f]);
          place[s] = (long) Math.ceil(fractions[f][s - first[f]] * statistics.present(f));
        }
      }
    }

    boolean areSingleValues() {
      return Arrays.equals(low, high);
    }

    /** The part of search s that holds the key, or -1 if none does or nothing is left to find. */
    int part(int s, long key) {
      if (low[s] == high[s] || key < low[s] || key > high[s]) {
        return -1;
      }
      // The differences are unsigned: an interval may be wider than Long.MAX_VALUE.
      int bits = Long.SIZE - Long.numberOfLeadingZeros(high[s] - low[s]);
      return (int) ((key - low[s]) >>> Math.max(0, bits - PART_BITS));
    }

    void narrow(Counts counts) {
      for (int s = 0; s < low.length; s++) {
        if (low[s] < high[s]) {
          int i = s * PARTS;
          while (place[s] > counts.count[i]) {
            place[s] -= counts.count[i++];
          }
          low[s] = counts.smallest[i];
          high[s] = counts.largest[i];
        }
      }
    }

    double[][] values() {
      double[][] values = new double[first.length - 1][];
      for (int f = 0; f < values.length; f++) {
        values[f] =
            LongStream.of(low)
                .skip(first[f])
                .limit(first[f + 1] - first[f])
                .mapToDouble(key -> Double.longBitsToDouble(inOrder(key)))
                .toArray();
      }
      return values;
    }
  }

  /** One pass's counts and extremes of the parts of every search's interval. */
  private static final class Counts implements Serializable {
    private static final long serialVersionUID = 1;

    private final FeatureColumns columns;
    private final double factor;
    private final Intervals intervals;
    private final long[] nonZeros;
    private long rows;
    // Allocated with the first row: the empty instance travels with every task.
    private long[] count;
    private long[] smallest;
    private long[] largest;

    Counts(FeatureColumns columns, double factor, Intervals intervals) {
      this.columns = columns;
      this.factor = factor;
      this.intervals = intervals;
      nonZeros = new long[columns.size()];
    }

    Counts add(Vector row) {
      allocate();
      rows++;
      columns.forEachNonZero(
          row,
          (feature, value) -> {
            nonZeros[feature]++;
            if (!Double.isNaN(value)) {
              add(feature, factor * value, 1);
            }
          });
      return this;
    }

    Counts merge(Counts other) {
      if (other.rows > 0) {
        allocate();
        rows += other.rows;
        Arrays.setAll(nonZeros, f -> nonZeros[f] + other.nonZeros[f]);
        Arrays.setAll(count, i -> count[i] + other.count[i]);
        Arrays.setAll(smallest, i -> Math.min(smallest[i], other.smallest[i]));
        Arrays.setAll(largest, i -> Math.max(largest[i], other.largest[i]));
      }
      return this;
    }

    /** The zeros that rows passed over in silence. */
    Counts withZeros() {
      for (int f = 0; f < nonZeros.length; f++) {
        if (nonZeros[f] < rows) {
          add(f, 0, rows - nonZeros[f]);
        }
      }
      return this;
    }

    private void allocate() {
      if (count == null) {
        count = new long[intervals.low.length * PARTS];
        smallest = new long[count.length];
        largest = new long[count.length];
        Arrays.fill(smallest, Long.MAX_VALUE);
        Arrays.fill(largest, Long.MIN_VALUE);
      }
    }

    private void add(int feature, double value, long times) {
      long key = key(value);
      for (int s = intervals.first[feature]; s < intervals.first[feature + 1]; s++) {
        int part = intervals.part(s, key);
        if (part >= 0) {
          int i = s * PARTS + part;
          count[i] += times;
          smallest[i] = Math.min(smallest[i], key);
          largest[i] = Math.max(largest[i], key);
        }
      }
    }
  }
}
