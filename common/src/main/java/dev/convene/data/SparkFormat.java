package dev.convene.data;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Any Spark data source of files: parquet, orc, libsvm or one that was added to Spark. */
final class SparkFormat implements TableFormat {
  @Override
  public Dataset<Row> load(SparkSession spark, DataSource source, List<String> locations) {
    return SparkSource.load(spark, source, locations);
  }
}
