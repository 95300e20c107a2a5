package dev.convene.data;

import static org.apache.spark.sql.functions.unix_date;
import static org.apache.spark.sql.functions.unix_micros;

import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * Makes finite doubles of a column.
 *
 * @param isText whether the column holds numbers as text
 */
record CheckedNumber(StructField field, Column column, boolean isText) {

  /**
   * The column as doubles.
   *
   * @return empty if the column's type has no numbers
   */
  Optional<CheckedColumn> column(ValueCheck check, BadValue badValue) {
    Metadata metadata =
        field.dataType() instanceof NumericType ? field.metadata() : Metadata.empty();
    return held()
        .map(
            held ->
                new CheckedColumn(
                    field.name(), DataTypes.DoubleType, metadata, held, check, false, badValue));
  }

  private Optional<Column> held() {
    DataType type = field.dataType();
    if (isText || type instanceof NumericType || type instanceof BooleanType) {
      return Optional.of(column);
    }
    if (type instanceof DateType) {
      return Optional.of(unix_date(column));
    }
    if (type instanceof TimestampType || type instanceof TimestampNTZType) {
      return Optional.of(unix_micros(column.cast(DataTypes.TimestampType)).divide(1e6));
    }
    return Optional.empty();
  }
}
