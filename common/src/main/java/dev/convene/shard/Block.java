package dev.convene.shard;

import dev.convene.nn.RowBuffer;
import java.io.Serializable;
import java.util.Arrays;

/**
 * Some rows of a shard: float32 features, targets and weights. Features are kept in the form that
 * takes the least memory: as they are, a byte each (images), or without zeros (one-hot categories).
 */
public final class Block implements Serializable {
  private static final int MAX_BYTES = 16 << 20;

  private final int rows;
  private final int features;
  private final FeatureRows featureRows;
  private final int nonZeros;
  private final float[] targets;

  /** Null: every row has weight 1. */
  private final float[] weights;

  private Block(
      int rows,
      int features,
      FeatureRows featureRows,
      int nonZeros,
      float[] targets,
      float[] weights) {
    this.rows = rows;
    this.features = features;
    this.featureRows = featureRows;
    this.nonZeros = nonZeros;
    this.targets = targets;
    this.weights = weights;
  }

  /** Packs the first {@code rows} of a buffer, at least 1. */
  public static Block of(int rows, int features, int targetsPerRow, RowBuffer from) {
    float[] weights = Arrays.copyOf(from.weights(), rows);
    return new Block(
        rows,
        features,
        FeatureRows.of(rows, features, from.x()),
        nonZeros(from.x(), rows * features),
        Arrays.copyOf(from.targets(), rows * targetsPerRow),
        allOne(weights) ? null : weights);
  }

  /** How many rows of so many features and targets make a block: it stays below 16 MB. */
  public static int capacity(int features, int targetsPerRow) {
    return (int) Math.max(1, MAX_BYTES / (Float.BYTES * ((long) features + targetsPerRow)));
  }

  public int rows() {
    return rows;
  }

  /** Features of each row. */
  int features() {
    return features;
  }

  /** Targets of each row. */
  int targetsPerRow() {
    return targets.length / rows;
  }

  /** Numbers among the features of all rows that are not 0. */
  int nonZeros() {
    return nonZeros;
  }

  float weight(int row) {
    return weights == null ? 1 : weights[row];
  }

  /** Copies a row to place {@code i} of a buffer; of one of sparse rows, after its last. */
  void copyRow(int row, int i, RowBuffer to) {
    if (to.isSparse()) {
      featureRows.addTo(to.sparse(), row);
      to.sparse().endRow();
    } else {
      featureRows.copy(row, to.x(), i * features);
    }
    int perRow = targetsPerRow();
    System.arraycopy(targets, row * perRow, to.targets(), i * perRow, perRow);
    to.weights()[i] = weight(row);
  }

  /** The same for the same rows in the same order. */
  long digest() {
    RowDigest digest = new RowDigest();
    featureRows.addTo(digest);
    digest.add(targets);
    if (weights != null) {
      digest.add(weights);
    }
    return digest.value();
  }

  private static int nonZeros(float[] x, int n) {
    int nonZeros = 0;
    for (int i = 0; i < n; i++) {
      nonZeros += x[i] == 0 ? 0 : 1;
    }
    return nonZeros;
  }

  private static boolean allOne(float[] weights) {
    for (float weight : weights) {
      if (weight != 1) {
        return false;
      }
    }
    return true;
  }
}
