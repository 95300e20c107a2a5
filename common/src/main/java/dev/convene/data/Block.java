package dev.convene.data;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;

/**
 * Some rows of a shard: float32 features, row-major, and targets.
 *
 * <p>Rows that have no more than 256 different feature values among them, as images do, are kept as
 * one byte a value, without loss.
 */
public final class Block implements Serializable {
  private static final int MAX_BYTES = 16 << 20;

  private final int rows;
  private final int features;
  private final float[] values;
  private final byte[] codes;
  private final float[] valueOfCode;
  private final float[] targets;

  private Block(
      int rows, int features, float[] values, byte[] codes, float[] valueOfCode, float[] targets) {
    this.rows = rows;
    this.features = features;
    this.values = values;
    this.codes = codes;
    this.valueOfCode = valueOfCode;
    this.targets = targets;
  }

  /**
   * Packs rows.
   *
   * @param features [rows][features]
   * @param targets [rows][targets of a row]
   */
  public static Block of(int rows, float[] features, float[] targets) {
    int perRow = features.length / rows;
    byte[] codes = new byte[features.length];
    Map<Integer, Integer> codeOfBits = new HashMap<>();
    float[] valueOfCode = new float[256];
    // Neighbours are often equal (the black of an image), and then need no look-up.
    int lastBits = 0;
    int lastCode = -1;
    for (int i = 0; i < features.length; i++) {
      int bits = Float.floatToRawIntBits(features[i]);
      if (lastCode < 0 || bits != lastBits) {
        lastCode = codeOfBits.computeIfAbsent(bits, any -> codeOfBits.size());
        lastBits = bits;
        if (lastCode > 255) {
          return new Block(rows, perRow, features, null, null, targets);
        }
        valueOfCode[lastCode] = features[i];
      }
      codes[i] = (byte) lastCode;
    }
    return new Block(rows, perRow, null, codes, valueOfCode, targets);
  }

  /** How many rows of so many features and targets make a block: it stays below 16 MB. */
  public static int capacity(int features, int targetsPerRow) {
    return Math.max(1, MAX_BYTES / (4 * (features + targetsPerRow)));
  }

  public int rows() {
    return rows;
  }

  /** Features of each row. */
  int features() {
    return features;
  }

  /**
   * Copies a row to the place of row {@code i} in x [..][features] and y [..][targets of a row].
   */
  void copyRow(int row, int i, float[] x, float[] y) {
    int from = row * features;
    int at = i * features;
    if (values != null) {
      System.arraycopy(values, from, x, at, features);
    } else {
      for (int j = 0; j < features; j++) {
        x[at + j] = valueOfCode[codes[from + j] & 0xFF];
      }
    }
    int targetsPerRow = targets.length / rows;
    System.arraycopy(targets, row * targetsPerRow, y, i * targetsPerRow, targetsPerRow);
  }
}
