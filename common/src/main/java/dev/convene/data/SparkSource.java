package dev.convene.data;

import java.util.List;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Opens files by Spark's data sources. */
final class SparkSource {
  private SparkSource() {}

  static Dataset<Row> load(DataFrameReader reader, List<String> paths) {
    return reader.load(paths.toArray(String[]::new));
  }

  /** Files of the source's format, with its options as they are. */
  static Dataset<Row> load(SparkSession spark, DataSource source, List<String> paths) {
    return load(spark.read().format(source.format()).options(source.options()), paths);
  }
}
