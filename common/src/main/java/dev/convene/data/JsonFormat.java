package dev.convene.data;

import dev.convene.ConveneException;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Files of JSON objects, of which Spark infers the columns. */
final class JsonFormat implements TableFormat {
  /** Where Spark puts the text that is no JSON. */
  private static final String NOT_JSON = "_corrupt_record";

  @Override
  public Dataset<Row> load(SparkSession spark, DataSource source, List<String> locations) {
    Dataset<Row> rows = SparkSource.load(spark, source, locations);
    if (Arrays.asList(rows.columns()).contains(NOT_JSON)) {
      throw ConveneException.data(
          "%s has lines that are no JSON objects: correct them (if an object takes several lines,"
              + " set data.options.multiLine = true)",
          source);
    }
    return rows;
  }
}
