package dev.convene.preprocess;

import static org.apache.spark.sql.functions.col;

import dev.convene.data.FeatureStruct;
import java.util.List;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/** Rows of one column only, the struct of their features. */
final class RawFeatures {
  private static final String STRUCT = "features";

  private final Dataset<Row> rows;
  private final StructType type;

  private RawFeatures(Dataset<Row> rows) {
    this.rows = rows;
    this.type = (StructType) rows.schema().apply(STRUCT).dataType();
  }

  /**
   * @param names of columns that the rows have
   */
  static RawFeatures of(Dataset<Row> rows, List<String> names) {
    return new RawFeatures(rows.select(FeatureStruct.of(rows.schema(), names).as(STRUCT)));
  }

  Dataset<Row> rows() {
    return rows;
  }

  DataType typeOf(String name) {
    return type.apply(name).dataType();
  }

  boolean isVector(String name) {
    return typeOf(name).equals(SQLDataTypes.VectorType());
  }

  Column column(String name) {
    return col(STRUCT).getField(name);
  }

  Column struct() {
    return col(STRUCT);
  }

  /** The places of columns in the struct. */
  int[] placesOf(List<String> names) {
    return names.stream().mapToInt(type::fieldIndex).toArray();
  }
}
