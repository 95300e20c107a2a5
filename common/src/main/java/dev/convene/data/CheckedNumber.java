package dev.convene.data;

import static org.apache.spark.sql.functions.date_part;
import static org.apache.spark.sql.functions.hour;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.minute;
import static org.apache.spark.sql.functions.to_date;
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
 * Makes doubles of a column that are finite as float32, too, which the network computes in.
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
    if (type instanceof TimestampType) {
      return Optional.of(unix_micros(column).divide(1e6));
    }
    if (type instanceof TimestampNTZType) {
      return Optional.of(secondsOfLocalTime(column));
    }
    return Optional.empty();
  }

  /**
   * As in UTC, whatever the session's time zone; Spark's own conversion to a timestamp takes the
   * session's.
   */
  private static Column secondsOfLocalTime(Column time) {
    Column micros =
        unix_date(to_date(time))
            .cast(DataTypes.LongType)
            .multiply(86_400_000_000L)
            .plus(hour(time).multiply(3_600_000_000L))
            .plus(minute(time).multiply(60_000_000L))
            .plus(date_part(lit("SECOND"), time).multiply(1_000_000).cast(DataTypes.LongType));
    return micros.divide(1e6);
  }
}
