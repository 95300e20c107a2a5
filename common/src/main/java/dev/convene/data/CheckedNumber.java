package dev.convene.data;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.nanvl;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.rtrim;
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
 * Makes finite doubles of a column.
 *
 * @param isText whether the column holds numbers as text
 */
record CheckedNumber(StructField field, boolean isText) {
  private static final Column INFINITY = lit(Double.POSITIVE_INFINITY);

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
    if (type instanceof TimestampType || type instanceof TimestampNTZType) {
      return Optional.of(unix_micros(column.cast(DataTypes.TimestampType)).divide(1e6));
    }
    return Optional.empty();
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
      Column finite = not(abs(number).eqNullSafe(INFINITY));
      good = isText ? finite.and(number.isNotNull().or(held.isNull())) : finite;
    } else {
      // In Spark's order NaN is above infinity.
      good = abs(number).lt(INFINITY);
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
