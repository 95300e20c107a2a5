package dev.convene.data;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A table of the session's catalog. */
final class CatalogFormat implements TableFormat {
  @Override
  public Dataset<Row> load(SparkSession spark, DataSource source, List<String> locations) {
    return spark.table(source.onlyLocation());
  }

  @Override
  public boolean readsPaths() {
    return false;
  }
}
