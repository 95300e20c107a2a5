package dev.convene.data;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A table of another database. */
final class JdbcFormat implements TableFormat {
  @Override
  public Dataset<Row> load(SparkSession spark, DataSource source, List<String> locations) {
    String table = source.onlyLocation();
    return spark
        .read()
        .format("jdbc")
        .options(JdbcDrivers.named(source.options()))
        .option("dbtable", table)
        .load();
  }

  @Override
  public boolean readsPaths() {
    return false;
  }
}
