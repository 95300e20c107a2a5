package dev.convene.data.pixels;

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

/** Plans a read: which columns, and which rows of which file in which task. */
final class PixelScan implements ScanBuilder, SupportsPushDownRequiredColumns, Scan, Batch {
  private final String description;
  private final List<LabelledImages> files;
  private StructType columns;

  /**
   * @param columns those that the files have
   */
  PixelScan(String description, List<LabelledImages> files, StructType columns) {
    this.description = description;
    this.files = files;
    this.columns = columns;
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
    return description;
  }

  @Override
  public InputPartition[] planInputPartitions() {
    List<InputPartition> partitions = new ArrayList<>();
    long bytes = bytesPerPartition();
    for (LabelledImages images : files) {
      long count = images.count();
      long rows = images.splittable() ? Math.max(1, bytes / images.pixels()) : count;
      for (long first = 0; first < count; first += rows) {
        partitions.add(new PixelPartition(images, first, Math.min(count, first + rows)));
      }
    }
    return partitions.toArray(InputPartition[]::new);
  }

  /** Spark's rule for its own file sources. */
  private long bytesPerPartition() {
    SQLConf conf = SQLConf.get();
    long bytes = files.stream().mapToLong(LabelledImages::bytes).sum();
    long perCore = bytes / SparkSession.active().sparkContext().defaultParallelism();
    return Math.min(
        conf.filesMaxPartitionBytes(), Math.max(conf.filesOpenCostInBytes(), perCore + 1));
  }

  @Override
  public PartitionReaderFactory createReaderFactory() {
    SparkSession spark = SparkSession.active();
    return new PixelReader.Factory(
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .broadcast(new SerializableConfiguration(spark.sparkContext().hadoopConfiguration())),
        columns.fieldNames());
  }
}
