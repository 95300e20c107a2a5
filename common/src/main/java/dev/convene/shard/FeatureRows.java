package dev.convene.shard;

import dev.convene.nn.SparseRows;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The features of a block's rows in one of several forms, without loss. */
abstract sealed class FeatureRows implements Serializable {
  private static final int CODES = 256;

  /** Copies a row's features to {@code at}. */
  abstract void copy(int row, float[] x, int at);

  /** Adds a row's features, but zeros, to the row that {@code to} is about to end. */
  abstract void addTo(SparseRows to, int row);

  /** Adds all of them: the same for the same rows. */
  abstract void addTo(RowDigest digest);

  /**
   * The smallest form of these rows.
   *
   * @param x [rows][features], maybe more; it is not kept
   */
  static FeatureRows of(int rows, int features, float[] x) {
    long numbers = (long) rows * features;
    long sparseBytes = (rows + 1L) * Integer.BYTES;
    for (int row = 0; row < rows; row++) {
      sparseBytes += SparseRow.size(x, row * features, (row + 1) * features);
    }
    if (sparseBytes < numbers) {
      return new Sparse(rows, features, x, (int) sparseBytes - (rows + 1) * Integer.BYTES);
    }
    FeatureRows coded = Coded.of(rows, features, x);
    if (coded != null) {
      return coded;
    }
    return sparseBytes < numbers * Float.BYTES
        ? new Sparse(rows, features, x, (int) sparseBytes - (rows + 1) * Integer.BYTES)
        : new Dense(features, Arrays.copyOf(x, rows * features));
  }

  private static final class Dense extends FeatureRows {
    private final int features;
    private final float[] values;

    Dense(int features, float[] values) {
      this.features = features;
      this.values = values;
    }

    @Override
    void addTo(RowDigest digest) {
      digest.add(values);
    }

    @Override
    void copy(int row, float[] x, int at) {
      System.arraycopy(values, row * features, x, at, features);
    }

    @Override
    void addTo(SparseRows to, int row) {
      for (int j = 0; j < features; j++) {
        to.add(j, values[row * features + j]);
      }
    }
  }

  /** A byte a value, if there are no more than 256 different ones, as in images. */
  private static final class Coded extends FeatureRows {
    private final int features;
    private final byte[] codes;
    private final float[] valueOfCode;

    private Coded(int features, byte[] codes, float[] valueOfCode) {
      this.features = features;
      this.codes = codes;
      this.valueOfCode = valueOfCode;
    }

    /** Null if there are too many values. */
    static Coded of(int rows, int features, float[] x) {
      byte[] codes = new byte[rows * features];
      Map<Integer, Integer> codeOfBits = new HashMap<>();
      float[] valueOfCode = new float[CODES];
      // Neighbours are often equal (the black of an image), and then need no look-up.
      int lastBits = 0;
      int lastCode = -1;
      for (int i = 0; i < codes.length; i++) {
        int bits = Float.floatToRawIntBits(x[i]);
        if (lastCode < 0 || bits != lastBits) {
          lastCode = codeOfBits.computeIfAbsent(bits, any -> codeOfBits.size());
          lastBits = bits;
          if (lastCode >= CODES) {
            return null;
          }
          valueOfCode[lastCode] = x[i];
        }
        codes[i] = (byte) lastCode;
      }
      return new Coded(features, codes, valueOfCode);
    }

    @Override
    void addTo(RowDigest digest) {
      digest.add(codes);
      digest.add(valueOfCode);
    }

    @Override
    void copy(int row, float[] x, int at) {
      int from = row * features;
      for (int j = 0; j < features; j++) {
        x[at + j] = valueOfCode[codes[from + j] & 0xFF];
      }
    }

    @Override
    void addTo(SparseRows to, int row) {
      int from = row * features;
      for (int j = 0; j < features; j++) {
        to.add(j, valueOfCode[codes[from + j] & 0xFF]);
      }
    }
  }

  /** Without zeros: compressed rows, each a {@link SparseRow}. */
  private static final class Sparse extends FeatureRows {
    private final int features;
    private final byte[] bytes;
    private final int[] firstByte;

    Sparse(int rows, int features, float[] x, int size) {
      this.features = features;
      this.bytes = new byte[size];
      this.firstByte = new int[rows + 1];
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      for (int row = 0; row < rows; row++) {
        SparseRow.write(x, row * features, (row + 1) * features, buffer);
        firstByte[row + 1] = buffer.position();
      }
    }

    @Override
    void addTo(RowDigest digest) {
      digest.add(bytes);
    }

    @Override
    void copy(int row, float[] x, int at) {
      Arrays.fill(x, at, at + features, 0);
      SparseRow.read(bytes, firstByte[row], firstByte[row + 1], x, at);
    }

    @Override
    void addTo(SparseRows to, int row) {
      SparseRow.read(bytes, firstByte[row], firstByte[row + 1], to::add);
    }
  }
}
