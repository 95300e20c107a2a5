package dev.convene.data.pixels;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** Files of images, at least one, all with as many pixels, as a Spark table. */
final class PixelTable implements SupportsRead {
  private final String format;
  private final List<LabelledImages> files;

  PixelTable(String format, List<LabelledImages> files) {
    this.format = format;
    this.files = files;
  }

  @Override
  public String name() {
    return format
        + " "
        + files.stream().map(LabelledImages::path).collect(Collectors.joining(", "));
  }

  // Spark still calls it, though columns() has taken its place.
  @Override
  @SuppressWarnings("deprecation")
  public StructType schema() {
    // MLlib learns the vector's size from here, without a job.
    Metadata pixels = files.get(0).shape().metadata(PixelColumns.FEATURES);
    return new StructType(
        new StructField[] {
          DataTypes.createStructField(PixelColumns.LABEL, DataTypes.DoubleType, false),
          DataTypes.createStructField(
              PixelColumns.FEATURES, SQLDataTypes.VectorType(), false, pixels),
          DataTypes.createStructField(PixelColumns.ROW, DataTypes.LongType, false)
        });
  }

  @Override
  public Set<TableCapability> capabilities() {
    return Set.of(TableCapability.BATCH_READ);
  }

  @Override
  public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
    return new PixelScan(name(), files, schema());
  }
}
