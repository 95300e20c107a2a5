package dev.convene.data;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;

/**
 * A column of a table in the type that the network's side needs.
 *
 * @param type of the values after the check: double, string or vector
 * @param held what the check reads
 * @param checksNothing whether any value that there is can be used as it is
 * @param badValue describes a value that the check refuses
 */
record CheckedColumn(
    String name,
    DataType type,
    Metadata metadata,
    Column held,
    ValueCheck check,
    boolean checksNothing,
    BadValue badValue) {

  /** The column after the check. */
  StructField field() {
    return new StructField(name, type, true, metadata);
  }
}
