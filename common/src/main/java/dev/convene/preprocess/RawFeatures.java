package dev.convene.preprocess;

import dev.convene.data.FeaturePlaces;
import dev.convene.data.PackedFeatures;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/** Rows whose features are read as {@link InputRow}s. */
final class RawFeatures {
  private final Dataset<Row> rows;
  private final StructType schema;
  private final Map<String, DataType> types = new HashMap<>();

  RawFeatures(Dataset<Row> rows) {
    this.rows = rows;
    this.schema = rows.schema();
    PackedFeatures.columns(schema).forEach(field -> types.put(field.name(), field.dataType()));
  }

  Dataset<Row> rows() {
    return rows;
  }

  DataType typeOf(String name) {
    return types.get(name);
  }

  boolean isVector(String name) {
    return typeOf(name).equals(SQLDataTypes.VectorType());
  }

  Column[] columns(List<String> names) {
    return PackedFeatures.columns(schema, names);
  }

  /** One column that has all of those: what {@link #places} reads. */
  Column packed(List<String> names) {
    return PackedFeatures.of(schema, names);
  }

  FeaturePlaces places(List<String> names) {
    return PackedFeatures.places(schema, names);
  }
}
