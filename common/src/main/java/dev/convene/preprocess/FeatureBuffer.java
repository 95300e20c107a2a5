package dev.convene.preprocess;

import java.util.Arrays;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;

/** The features of one row while they are made: entries in ascending order, all others are 0. */
final class FeatureBuffer {
  private int[] indices;
  private double[] values;
  private int size;

  /** Whether MLlib's stages would have the features as a sparse vector now. */
  private boolean sparse;

  FeatureBuffer(int capacity) {
    indices = new int[capacity];
    values = new double[capacity];
  }

  /** Adds an entry after all the others. */
  void add(int index, double value) {
    if (size == indices.length) {
      indices = Arrays.copyOf(indices, 2 * size + 8);
      values = Arrays.copyOf(values, 2 * size + 8);
    }
    indices[size] = index;
    values[size++] = value;
  }

  /** Adds what a vector stores after all the others. */
  void addAll(int first, Vector vector) {
    if (vector instanceof SparseVector sparse) {
      for (int e = 0; e < sparse.values().length; e++) {
        add(first + sparse.indices()[e], sparse.values()[e]);
      }
    } else {
      double[] values = vector.toArray();
      for (int i = 0; i < values.length; i++) {
        // -0.0 is an entry too: only 0.0 is what a missing entry stands for.
        if (Double.doubleToRawLongBits(values[i]) != 0) {
          add(first + i, values[i]);
        }
      }
    }
  }

  /** The number of entries. */
  int size() {
    return size;
  }

  int index(int entry) {
    return indices[entry];
  }

  double value(int entry) {
    return values[entry];
  }

  void set(int entry, double value) {
    values[entry] = value;
  }

  void setSparse(boolean isSparse) {
    sparse = isSparse;
  }

  /** Drops entries that are 0, from an entry on. */
  void dropZeros(int from) {
    int kept = from;
    for (int e = from; e < size; e++) {
      if (values[e] != 0) {
        indices[kept] = indices[e];
        values[kept++] = values[e];
      }
    }
    size = kept;
  }

  /** Makes entries of all features [first, first + count), of which those from an entry on are. */
  void fill(int from, int first, int count) {
    double[] dense = new double[from + count];
    System.arraycopy(values, 0, dense, 0, from);
    for (int e = from; e < size; e++) {
      dense[from + indices[e] - first] = values[e];
    }
    int[] all = Arrays.copyOf(indices, from + count);
    for (int i = 0; i < count; i++) {
      all[from + i] = first + i;
    }
    indices = all;
    values = dense;
    size = from + count;
  }

  /** Decides on sparse or dense as {@link Vector#compressed} does, by the entries from one on. */
  void compress(int from, int features) {
    int nonZeros = 0;
    for (int e = from; e < size; e++) {
      if (values[e] != 0) {
        nonZeros++;
      }
    }
    sparse = 1.5 * (nonZeros + 1.0) < features;
    if (sparse) {
      dropZeros(from);
    }
  }

  /** All entries as a vector of so many features. */
  Vector toVector(int features) {
    if (sparse) {
      return Vectors.sparse(features, Arrays.copyOf(indices, size), Arrays.copyOf(values, size));
    }
    double[] dense = new double[features];
    for (int e = 0; e < size; e++) {
      dense[indices[e]] = values[e];
    }
    return Vectors.dense(dense);
  }
}
