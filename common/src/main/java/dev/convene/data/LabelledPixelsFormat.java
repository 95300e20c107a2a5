package dev.convene.data;

import dev.convene.data.pixels.PixelColumns;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Files of labelled images, read by a {@link dev.convene.data.pixels.PixelSource}. */
final class LabelledPixelsFormat implements TableFormat {
  @Override
  public Dataset<Row> load(SparkSession spark, DataSource source, List<String> locations) {
    return SparkSource.load(spark, source, locations);
  }

  @Override
  public boolean isOrigin(String column) {
    return column.equals(PixelColumns.ROW);
  }

  @Override
  public boolean isPixels(String column) {
    return column.equals(PixelColumns.FEATURES);
  }
}
