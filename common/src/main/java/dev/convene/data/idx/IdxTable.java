package dev.convene.data.idx;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** One or more pairs of IDX files, at least one, all with images of one size, as a Spark table. */
final class IdxTable implements SupportsRead {
  static final String LABEL = "label";
  static final String FEATURES = "features";
  static final String ROW = "row";

  private final List<IdxPair> pairs;

  IdxTable(List<IdxPair> pairs) {
    this.pairs = pairs;
  }

  @Override
  public String name() {
    return "idx "
        + pairs.stream().map(pair -> pair.images().path()).collect(Collectors.joining(", "));
  }

  // Spark still calls it, though columns() has taken its place.
  @Override
  @SuppressWarnings("deprecation")
  public StructType schema() {
    // MLlib learns the vector's size from here, without a job.
    AttributeGroup pixels = new AttributeGroup(FEATURES, pairs.get(0).images().itemBytes());
    return new StructType(
        new StructField[] {
          DataTypes.createStructField(LABEL, DataTypes.DoubleType, false),
          DataTypes.createStructField(
              FEATURES, SQLDataTypes.VectorType(), false, pixels.toMetadata()),
          DataTypes.createStructField(ROW, DataTypes.LongType, false)
        });
  }

  @Override
  public Set<TableCapability> capabilities() {
    return Set.of(TableCapability.BATCH_READ);
  }

  @Override
  public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
    return new IdxScan(this, pairs);
  }
}
