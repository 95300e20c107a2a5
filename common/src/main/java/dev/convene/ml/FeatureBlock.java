package dev.convene.ml;

import dev.convene.ConveneException;
import dev.convene.nn.SparseRows;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;

/**
 * The features of some rows as a network takes them: float32, [inputs] of each dense row, and
 * without zeros of each that has few others. Which it is follows from a row's numbers alone, so
 * that its outputs do not depend on its neighbours. Each method that adds a row throws a {@link
 * ConveneException} (data) if its features are not as many as the network's inputs, or not finite.
 */
final class FeatureBlock {
  /** The fields of a vector as VectorUDT stores it. */
  private static final int TYPE = 0;

  private static final int SIZE = 1;
  private static final int INDICES = 2;
  private static final int VALUES = 3;

  /** The type of a sparse one. */
  private static final byte SPARSE = 0;

  private final int inputs;
  private final int capacity;
  private final float[] x;
  private final SparseRows sparse;
  private final boolean[] isSparse;
  private int rows;

  FeatureBlock(int inputs, int capacity) {
    this.inputs = inputs;
    this.capacity = capacity;
    this.x = new float[capacity * inputs];
    this.sparse = new SparseRows(inputs);
    this.isSparse = new boolean[capacity];
  }

  /** The dense rows' features, [dense rows][inputs]; may be longer. */
  float[] x() {
    return x;
  }

  int denseRows() {
    return rows - sparse.rows();
  }

  /** The other rows. */
  SparseRows sparse() {
    return sparse;
  }

  /** Whether a row is one of those. */
  boolean isSparse(int row) {
    return isSparse[row];
  }

  int rows() {
    return rows;
  }

  /** The most rows that it holds. */
  int capacity() {
    return capacity;
  }

  boolean isFull() {
    return rows == capacity;
  }

  void clear() {
    rows = 0;
    sparse.clear();
  }

  /** Adds a row. */
  void add(Vector features) {
    requireInputs(features.size());
    if (features instanceof SparseVector vector) {
      int[] indices = vector.indices();
      add(indices.length, i -> indices[i], vector.values());
    } else {
      add(features.toArray());
    }
  }

  /** Adds a row from a vector as {@link VectorUDT} stores it. */
  void addStored(InternalRow features) {
    ArrayData values = features.getArray(VALUES);
    if (features.getByte(TYPE) == SPARSE) {
      requireInputs(features.getInt(SIZE));
      add(values.numElements(), features.getArray(INDICES)::getInt, values.toDoubleArray());
    } else {
      requireInputs(values.numElements());
      add(values.toDoubleArray());
    }
  }

  private void add(int n, IntUnaryOperator indices, double[] values) {
    int nonZeros = 0;
    for (int i = 0; i < n; i++) {
      nonZeros += finite(values[i], indices.applyAsInt(i)) == 0 ? 0 : 1;
    }
    if (SparseRows.areFew(nonZeros, inputs)) {
      for (int i = 0; i < n; i++) {
        sparse.add(indices.applyAsInt(i), (float) values[i]);
      }
      endSparse();
      return;
    }
    int at = denseRows() * inputs;
    Arrays.fill(x, at, at + inputs, 0f);
    for (int i = 0; i < n; i++) {
      x[at + indices.applyAsInt(i)] = (float) values[i];
    }
    isSparse[rows++] = false;
  }

  private void add(double[] values) {
    int at = denseRows() * inputs;
    copyFinite(values, at);
    int nonZeros = 0;
    for (int i = at; i < at + inputs; i++) {
      nonZeros += x[i] == 0 ? 0 : 1;
    }
    if (SparseRows.areFew(nonZeros, inputs)) {
      for (int i = 0; i < inputs; i++) {
        sparse.add(i, x[at + i]);
      }
      endSparse();
    } else {
      isSparse[rows++] = false;
    }
  }

  private void endSparse() {
    sparse.endRow();
    isSparse[rows++] = true;
  }

  /**
   * Adds rows {@code from} until {@code until} of an array of rows like {@link #x}, as dense ones.
   */
  void addAll(float[] features, int from, int until) {
    System.arraycopy(features, from * inputs, x, denseRows() * inputs, (until - from) * inputs);
    Arrays.fill(isSparse, rows, rows + until - from, false);
    rows += until - from;
  }

  private void requireInputs(int features) {
    if (features != inputs) {
      throw ConveneException.data(
          "a row has %s features, but the model was trained on %s", features, inputs);
    }
  }

  /** A loop without branches, which the JIT compiler turns into vector instructions. */
  private void copyFinite(double[] values, int at) {
    int signs = 0;
    for (int i = 0; i < values.length; i++) {
      float value = (float) values[i];
      x[at + i] = value;
      // Overflows into the sign where all bits of the exponent are set: infinity and NaN.
      signs |= (Float.floatToRawIntBits(value) & Integer.MAX_VALUE) + 0x0080_0000;
    }
    if (signs < 0) {
      for (int i = 0; i < values.length; i++) {
        finite(values[i], i);
      }
    }
  }

  private static float finite(double value, int feature) {
    float asFloat = (float) value;
    if (!Float.isFinite(asFloat)) {
      throw ConveneException.data(
          "feature %s of a row is %s, not a finite float32 number: fill or drop missing values"
              + " before",
          feature, value);
    }
    return asFloat;
  }
}
