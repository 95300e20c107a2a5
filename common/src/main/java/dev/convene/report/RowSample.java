package dev.convene.report;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * At most so many rows, those of the smallest ranks, whatever the order in which rows are added and
 * parts merged. Ranks that are hashes make it a random sample.
 */
public final class RowSample implements Serializable {
  private static final long serialVersionUID = 1;

  private final int capacity;

  /** Up to twice the capacity before those of the largest ranks go. */
  private final ArrayList<EvaluatedRow> rows = new ArrayList<>();

  /** Rows of this rank or a larger one are not among the smallest. */
  private double limit = Double.POSITIVE_INFINITY;

  public RowSample(int capacity) {
    this.capacity = capacity;
  }

  /** Whether a row of this rank may be one of the sample: else it need not be made. */
  public boolean admits(double rank) {
    return capacity > 0 && rank < limit;
  }

  /** Adds a row, if it is one of the sample. */
  public void add(EvaluatedRow row) {
    if (admits(row.rank())) {
      rows.add(row);
      if (rows.size() >= 2 * capacity) {
        prune();
      }
    }
  }

  /** Adds the rows of another, which keeps its own. */
  public void add(RowSample other) {
    other.rows.forEach(this::add);
  }

  /** The sample, by rank. */
  public List<EvaluatedRow> rows() {
    prune();
    return List.copyOf(rows);
  }

  private void prune() {
    rows.sort(Comparator.comparingDouble(EvaluatedRow::rank));
    if (rows.size() >= capacity && capacity > 0) {
      rows.subList(capacity, rows.size()).clear();
      limit = rows.get(capacity - 1).rank();
    }
  }
}
