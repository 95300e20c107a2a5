package dev.convene.data;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.date_part;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.hour;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.minute;
import static org.apache.spark.sql.functions.nanvl;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.rtrim;
import static org.apache.spark.sql.functions.to_date;
import static org.apache.spark.sql.functions.unix_date;
import static org.apache.spark.sql.functions.unix_micros;

import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
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
record CheckedNumber(StructField field, boolean isText) {
  static final Column LARGEST = lit((double) Float.MAX_VALUE);

  private static final Column ZERO = lit(0.0);

  /**
   * The column as doubles; null where the value is missing, if that is allowed.
   *
   * @return empty if the column's type has no numbers
   */
  Optional<CheckedColumn> column(boolean missingAllowed, BadValue badValue) {
    DataType type = field.dataType();
    Column held = ColumnNames.column(field.name());
    return asDouble(held)
        .map(
            number ->
                new CheckedColumn(
                    field.name(),
                    DataTypes.DoubleType,
                    type instanceof NumericType ? field.metadata() : Metadata.empty(),
                    missingAllowed && isFractional()
                        ? nanvl(number, lit(null).cast(DataTypes.DoubleType))
                        : number,
                    good(held, number, missingAllowed),
                    badValue));
  }

  private Optional<Column> asDouble(Column column) {
    DataType type = field.dataType();
    if (isText) {
      return Optional.of(expr("try_cast(" + ColumnNames.quoted(field.name()) + " as double)"));
    }
    if (type instanceof NumericType || type instanceof BooleanType) {
      return Optional.of(column.cast(DataTypes.DoubleType));
    }
    if (type instanceof DateType) {
      return Optional.of(unix_date(column).cast(DataTypes.DoubleType));
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

  private boolean isFractional() {
    return isText
        || field.dataType() instanceof DoubleType
        || field.dataType() instanceof FloatType;
  }

  private Column good(Column held, Column number, boolean missingAllowed) {
    Column good;
    if (!isFractional()) {
      good = missingAllowed ? lit(true) : held.isNotNull();
    } else if (missingAllowed) {
      Column inRange = coalesce(nanvl(abs(number), ZERO), ZERO).leq(LARGEST);
      good = isText ? inRange.and(number.isNotNull().or(held.isNull())) : inRange;
    } else {
      // In Spark's order NaN is above all.
      good = abs(number).leq(LARGEST);
    }
    if (isText) {
      // As in Java's source code, Spark takes 1d and 1f for numbers.
      for (String suffix : List.of("d", "D", "f", "F")) {
        Column typed = rtrim(held).endsWith(suffix);
        good = good.and(not(missingAllowed ? coalesce(typed, lit(false)) : typed));
      }
    }
    return good;
  }
}
