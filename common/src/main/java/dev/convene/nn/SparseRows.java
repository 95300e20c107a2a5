package dev.convene.nn;

import java.util.Arrays;

/**
 * Features of some rows without their zeros, row after row. They are cleared and filled anew, and
 * take as much room as the longest filling.
 */
public final class SparseRows {
  /**
   * Of so many numbers one may be other than 0, so that rows pay as sparse ones: BLAS multiplies
   * many numbers in the time that it takes to look one up.
   */
  private static final int NUMBERS_PER_ENTRY = 32;

  private static final int INITIAL_CAPACITY = 64;

  private final int width;
  private int rows;

  /** [rows + 1], may be longer. */
  private int[] firstEntries = new int[INITIAL_CAPACITY];

  private int entries;
  private int[] columns = new int[INITIAL_CAPACITY];
  private float[] values = new float[INITIAL_CAPACITY];

  /**
   * @param width features of a row, zeros included
   */
  public SparseRows(int width) {
    this.width = width;
  }

  /** Whether so many of so many numbers are few enough to compute with them alone. */
  public static boolean areFew(long nonZeros, long numbers) {
    return nonZeros * NUMBERS_PER_ENTRY <= numbers;
  }

  public void clear() {
    rows = 0;
    entries = 0;
  }

  /**
   * Adds a feature to the row that {@link #endRow} is going to end. Zeros are left out.
   *
   * @param column larger than those of the row so far
   */
  public void add(int column, float value) {
    if (value == 0) {
      return;
    }
    if (entries == columns.length) {
      columns = Arrays.copyOf(columns, 2 * entries);
      values = Arrays.copyOf(values, 2 * entries);
    }
    columns[entries] = column;
    values[entries++] = value;
  }

  public void endRow() {
    rows++;
    if (rows == firstEntries.length) {
      firstEntries = Arrays.copyOf(firstEntries, 2 * rows);
    }
    firstEntries[rows] = entries;
  }

  /** Rows that have ended. */
  public int rows() {
    return rows;
  }

  /** Entries of all rows. */
  int entries() {
    return entries;
  }

  /** The place of a row's first entry; of the number of rows, that after the last entry. */
  int firstEntry(int row) {
    return firstEntries[row];
  }

  int column(int entry) {
    return columns[entry];
  }

  float value(int entry) {
    return values[entry];
  }

  /** The same rows with their zeros, [rows][width]. */
  float[] dense() {
    float[] x = new float[rows * width];
    for (int row = 0; row < rows; row++) {
      for (int entry = firstEntries[row]; entry < firstEntries[row + 1]; entry++) {
        x[row * width + columns[entry]] = values[entry];
      }
    }
    return x;
  }
}
