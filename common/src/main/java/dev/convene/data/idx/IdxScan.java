package dev.convene.data.idx;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/** Plans a read: which columns, and which rows of which pair in which task. */
final class IdxScan implements ScanBuilder, SupportsPushDownRequiredColumns, Scan, Batch {
  private final IdxTable table;
  private final List<IdxPair> pairs;
  private StructType columns;

  IdxScan(IdxTable table, List<IdxPair> pairs) {
    this.table = table;
    this.pairs = pairs;
    this.columns = table.schema();
  }

  @Override
  public void pruneColumns(StructType requiredColumns) {
    columns = requiredColumns;
  }

  @Override
  public Scan build() {
    return this;
  }

  @Override
  public Batch toBatch() {
    return this;
  }

  @Override
  public StructType readSchema() {
    return columns;
  }

  @Override
  public String description() {
    return table.name();
  }

  @Override
  public InputPartition[] planInputPartitions() {
    List<InputPartition> partitions = new ArrayList<>();
    long bytes = bytesPerPartition();
    for (IdxPair pair : pairs) {
      int count = pair.images().count();
      boolean splittable = !pair.images().gzip() && !pair.labels().gzip();
      long rows = splittable ? Math.max(1, bytes / pair.images().itemBytes()) : count;
      for (long first = 0; first < count; first += rows) {
        partitions.add(new IdxPartition(pair, first, Math.min(count, first + rows)));
      }
    }
    return partitions.toArray(InputPartition[]::new);
  }

  /** Spark's rule for its own file sources. */
  private long bytesPerPartition() {
    SQLConf conf = SQLConf.get();
    long bytes = pairs.stream().mapToLong(pair -> pair.images().bytes()).sum();
    long perCore = bytes / SparkSession.active().sparkContext().defaultParallelism();
    return Math.min(
        conf.filesMaxPartitionBytes(), Math.max(conf.filesOpenCostInBytes(), perCore + 1));
  }

  @Override
  public PartitionReaderFactory createReaderFactory() {
    SparkSession spark = SparkSession.active();
    return new IdxReader.Factory(
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .broadcast(new SerializableConfiguration(spark.sparkContext().hadoopConfiguration())),
        columns.fieldNames());
  }
}
