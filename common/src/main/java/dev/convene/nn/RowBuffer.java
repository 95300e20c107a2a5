package dev.convene.nn;

import java.util.Arrays;

/** Room for some rows on their way through a network. The arrays are there to be filled anew. */
public final class RowBuffer {
  private final float[] x;
  private final float[] targets;
  private final float[] weights;

  /**
   * Rows that are there already.
   *
   * @param x features, [rows][inputs]
   * @param targets [rows][{@link Network#targetsPerRow}]
   * @param weights [rows], finite and at least 0
   */
  public RowBuffer(float[] x, float[] targets, float[] weights) {
    this.x = x;
    this.targets = targets;
    this.weights = weights;
  }

  /** Room for so many rows, each of weight 1. */
  public static RowBuffer of(int rows, int features, int targetsPerRow) {
    float[] weights = new float[rows];
    Arrays.fill(weights, 1);
    return new RowBuffer(new float[rows * features], new float[rows * targetsPerRow], weights);
  }

  /** Room for so many rows of a network. */
  public static RowBuffer of(int rows, Network network) {
    return of(rows, network.inputs(), network.targetsPerRow());
  }

  /** Features, [rows][inputs]. */
  public float[] x() {
    return x;
  }

  /** Targets, [rows][targets of a row]. */
  public float[] targets() {
    return targets;
  }

  /** Weights, [rows]. */
  public float[] weights() {
    return weights;
  }
}
