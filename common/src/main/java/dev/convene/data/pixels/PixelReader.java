package dev.convene.data.pixels;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.util.SerializableConfiguration;

/** Reads one partition. */
final class PixelReader implements PartitionReader<InternalRow> {
  private static final byte DENSE_VECTOR = 1;

  private final PixelPartition partition;
  private final List<String> columns;
  private final ImageCursor cursor;
  private final double[] pixels;
  private final GenericInternalRow current;
  private long row;

  PixelReader(PixelPartition partition, List<String> columns, Configuration hadoop) {
    this.partition = partition;
    this.columns = columns;
    this.cursor = partition.images().openAt(partition.first(), hadoop);
    this.pixels = new double[partition.images().pixels()];
    this.current = new GenericInternalRow(columns.size());
    this.row = partition.first() - 1;
  }

  @Override
  public boolean next() throws IOException {
    if (row + 1 == partition.end() || !cursor.next()) {
      return false;
    }
    row++;
    for (int i = 0; i < columns.size(); i++) {
      current.update(
          i,
          switch (columns.get(i)) {
            case PixelColumns.LABEL -> (double) cursor.label();
            case PixelColumns.FEATURES -> vector(cursor.pixels());
            case PixelColumns.ROW -> row;
            default -> throw new IllegalStateException("no column " + columns.get(i));
          });
    }
    return true;
  }

  /** The fields of MLlib's VectorUDT: type, size, indices, values. */
  private InternalRow vector(byte[] image) {
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = Byte.toUnsignedInt(image[i]);
    }
    return new GenericInternalRow(
        new Object[] {DENSE_VECTOR, null, null, UnsafeArrayData.fromPrimitiveArray(pixels)});
  }

  @Override
  public InternalRow get() {
    return current;
  }

  @Override
  public void close() throws IOException {
    cursor.close();
  }

  /** Makes the readers in the tasks. */
  static final class Factory implements PartitionReaderFactory {
    private final Broadcast<SerializableConfiguration> hadoop;
    private final String[] columns;

    Factory(Broadcast<SerializableConfiguration> hadoop, String[] columns) {
      this.hadoop = hadoop;
      this.columns = columns;
    }

    @Override
    public PartitionReader<InternalRow> createReader(InputPartition partition) {
      return new PixelReader(
          (PixelPartition) partition, Arrays.asList(columns), hadoop.value().value());
    }
  }
}
