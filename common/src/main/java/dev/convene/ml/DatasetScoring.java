package dev.convene.ml;

import dev.convene.ConveneException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Adds columns that a network computes, block by block: one row out for each row in, in order. */
final class DatasetScoring {
  /** What a model makes of its network's outputs. */
  interface OutputColumns extends Serializable {
    /**
     * The new columns' values for one row, as Spark has them inside: {@code Double}, or what {@link
     * VectorUDT} makes of a Vector.
     *
     * @param outputs the row's, which may be kept
     */
    Object[] values(double[] outputs);
  }

  private DatasetScoring() {}

  /**
   * Appends the columns. Nothing is computed before an action asks for it.
   *
   * @param scored the schema of the result: the columns of {@code rows}, then the new ones
   * @throws ConveneException (data), when computed, for a row whose features are null, not finite
   *     or of another number
   */
  static Dataset<Row> score(
      TrainedNetwork trained,
      Dataset<?> rows,
      String featuresCol,
      StructType scored,
      OutputColumns columns) {
    StructType schema = rows.schema();
    int features = schema.fieldIndex(featuresCol);
    Broadcast<TrainedNetwork> network = trained.sentBy(rows.sparkSession().sparkContext());
    MapPartitionsFunction<InternalRow, InternalRow> score =
        partition -> new ScoredRows(network.value(), partition, schema, features, columns);
    Dataset<Row> unnamed =
        rows.as(InternalRows.encoder(schema))
            .mapPartitions(score, InternalRows.encoder(scored))
            .toDF();
    Column[] named = new Column[scored.size()];
    for (int i = 0; i < named.length; i++) {
      StructField field = scored.fields()[i];
      Column column = unnamed.col(InternalRows.column(i));
      named[i] = InternalRows.whole(column, field.dataType()).as(field.name(), field.metadata());
    }
    return unnamed.select(named);
  }

  /** Reads a block ahead. */
  private static final class ScoredRows implements Iterator<InternalRow> {
    /** Of the rows read ahead, whatever their other columns hold. */
    private static final int MAX_BYTES = 4 << 20;

    private final Iterator<InternalRow> rows;
    private final UnsafeProjection toBytes;
    private final int features;
    private final String featuresCol;
    private final OutputColumns columns;
    private final BlockScorer scorer;
    private final List<UnsafeRow> block = new ArrayList<>();
    private BlockOutputs outputs;
    private int next;

    ScoredRows(
        TrainedNetwork trained,
        Iterator<InternalRow> rows,
        StructType schema,
        int features,
        OutputColumns columns) {
      this.rows = rows;
      this.toBytes = UnsafeProjection.create(schema);
      this.features = features;
      this.featuresCol = schema.fields()[features].name();
      this.columns = columns;
      this.scorer = trained.scorer();
    }

    @Override
    public boolean hasNext() {
      return next < block.size() || rows.hasNext();
    }

    @Override
    public InternalRow next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      if (next == block.size()) {
        readBlock();
      }
      Object[] added = columns.values(outputs.ofRow(next));
      return new JoinedRow(block.get(next++), new GenericInternalRow(added));
    }

    private void readBlock() {
      next = 0;
      block.clear();
      scorer.features().clear();
      long bytes = 0;
      while (!scorer.features().isFull() && bytes < MAX_BYTES && rows.hasNext()) {
        UnsafeRow row = bytes(rows.next()).copy();
        if (row.isNullAt(features)) {
          throw ConveneException.data(
              "column %s of a row to score is null: a row needs its features to be scored",
              featuresCol);
        }
        scorer.features().addStored(row.getStruct(features, 4));
        bytes += row.getSizeInBytes();
        block.add(row);
      }
      outputs = scorer.score();
    }

    private UnsafeRow bytes(InternalRow row) {
      return row instanceof UnsafeRow already ? already : toBytes.apply(row);
    }
  }
}
