package dev.convene.nn;

import java.util.Arrays;

/** Room for some rows on their way through a network. The arrays are there to be filled anew. */
public final class RowBuffer {
  private final float[] x;

  /** Null if the features are in x. */
  private final SparseRows sparse;

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
    this(x, null, targets, weights);
  }

  private RowBuffer(float[] x, SparseRows sparse, float[] targets, float[] weights) {
    this.x = x;
    this.sparse = sparse;
    this.targets = targets;
    this.weights = weights;
  }

  /** Room for so many rows, each of weight 1. */
  public static RowBuffer of(int rows, int features, int targetsPerRow) {
    return new RowBuffer(new float[rows * features], new float[rows * targetsPerRow], ones(rows));
  }

  /** Room for so many rows of a network. */
  public static RowBuffer of(int rows, Network network) {
    return of(rows, network.inputs(), network.targetsPerRow());
  }

  /**
   * Room for so many rows of a network.
   *
   * @param sparse features without their zeros
   */
  public static RowBuffer of(int rows, Network network, boolean sparse) {
    if (!sparse) {
      return of(rows, network);
    }
    return new RowBuffer(
        new float[0],
        new SparseRows(network.inputs()),
        new float[rows * network.targetsPerRow()],
        ones(rows));
  }

  private static float[] ones(int n) {
    float[] ones = new float[n];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** Whether features are in {@link #sparse}, not in {@link #x}. */
  public boolean isSparse() {
    return sparse != null;
  }

  /** Features without zeros, of as many rows as have been put there; null if they are in x. */
  public SparseRows sparse() {
    return sparse;
  }

  /** Features, [rows][inputs]; of no length if they are sparse. */
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
