package dev.convene.ml;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.types.StructType;

/** A partition's rows with the columns that a network computes. Reads a block ahead. */
final class ScoredRows implements Iterator<InternalRow> {
  /** Of the rows read ahead, whatever their other columns hold. */
  private static final int MAX_BYTES = 4 << 20;

  /** Fields of a vector as VectorUDT stores it. */
  private static final int VECTOR_FIELDS = 4;

  private record ReadRow(UnsafeRow row, InputFile file) {}

  private final Scoring scoring;
  private final Iterator<InternalRow> rows;
  private final UnsafeProjection toBytes;
  private final int features;
  private final List<OutputColumn> columns;
  private final BlockScorer scorer;
  private final List<ReadRow> block = new ArrayList<>();
  private BlockOutputs outputs;
  private int next;
  private InputFile scanned = InputFile.current();
  private InputFile shown = scanned;

  /**
   * @param schema of the rows
   * @param features the column of vectors
   * @param columns those to add
   */
  ScoredRows(
      Scoring scoring,
      Iterator<InternalRow> rows,
      StructType schema,
      int features,
      List<OutputColumn> columns) {
    this.scoring = scoring;
    this.rows = rows;
    this.toBytes = UnsafeProjection.create(schema);
    this.features = features;
    this.columns = columns;
    this.scorer = scoring.blockScorer();
  }

  @Override
  public boolean hasNext() {
    if (next < block.size()) {
      return true;
    }
    show(scanned);
    return rows.hasNext();
  }

  @Override
  public InternalRow next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    if (next == block.size()) {
      readBlock();
    }
    double[] ofRow = outputs.ofRow(next);
    Object[] added = new Object[columns.size()];
    for (int i = 0; i < added.length; i++) {
      added[i] = columns.get(i).value(ofRow);
    }
    ReadRow read = block.get(next++);
    show(read.file);
    return new JoinedRow(read.row, new GenericInternalRow(added));
  }

  private void readBlock() {
    next = 0;
    block.clear();
    scorer.features().clear();
    long bytes = 0;
    while (!scorer.features().isFull() && bytes < MAX_BYTES && rows.hasNext()) {
      UnsafeRow row = bytes(rows.next()).copy();
      follow();
      scoring.add(
          row.isNullAt(features) ? null : row.getStruct(features, VECTOR_FIELDS),
          scorer.features());
      bytes += row.getSizeInBytes();
      block.add(new ReadRow(row, scanned));
    }
    // To ask for another row may have opened the next file.
    follow();
    outputs = scorer.score();
  }

  private void follow() {
    if (!scanned.isCurrent()) {
      scanned = InputFile.current();
    }
    shown = scanned;
  }

  private void show(InputFile file) {
    if (file != shown) {
      file.restore();
      shown = file;
    }
  }

  private UnsafeRow bytes(InternalRow row) {
    return row instanceof UnsafeRow already ? already : toBytes.apply(row);
  }
}
