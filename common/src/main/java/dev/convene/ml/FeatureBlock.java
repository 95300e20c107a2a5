package dev.convene.ml;

import dev.convene.ConveneException;
import java.util.Arrays;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;

/**
 * The features of some rows as a network takes them: float32, [rows][inputs]. Each method that adds
 * a row throws a {@link ConveneException} (data) if its features are not as many as the network's
 * inputs, or not finite.
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
  private int rows;

  FeatureBlock(int inputs, int capacity) {
    this.inputs = inputs;
    this.capacity = capacity;
    this.x = new float[capacity * inputs];
  }

  /** The rows' features, [rows][inputs]; longer if the block is not full. */
  float[] x() {
    return x;
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
  }

  /** Adds a row. */
  void add(Vector features) {
    requireInputs(features.size());
    int at = rows * inputs;
    if (features instanceof SparseVector sparse) {
      Arrays.fill(x, at, at + inputs, 0f);
      int[] indices = sparse.indices();
      double[] values = sparse.values();
      for (int i = 0; i < values.length; i++) {
        x[at + indices[i]] = finite(values[i], indices[i]);
      }
    } else {
      copyFinite(features.toArray(), at);
    }
    rows++;
  }

  /** Adds a row from a vector as {@link VectorUDT} stores it. */
  void addStored(InternalRow features) {
    ArrayData values = features.getArray(VALUES);
    int n = values.numElements();
    int at = rows * inputs;
    if (features.getByte(TYPE) == SPARSE) {
      requireInputs(features.getInt(SIZE));
      Arrays.fill(x, at, at + inputs, 0f);
      ArrayData indices = features.getArray(INDICES);
      for (int i = 0; i < n; i++) {
        int feature = indices.getInt(i);
        x[at + feature] = finite(values.getDouble(i), feature);
      }
    } else {
      requireInputs(n);
      copyFinite(values.toDoubleArray(), at);
    }
    rows++;
  }

  /** Adds rows {@code from} until {@code until} of an array of rows like {@link #x}. */
  void addAll(float[] features, int from, int until) {
    System.arraycopy(features, from * inputs, x, rows * inputs, (until - from) * inputs);
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
