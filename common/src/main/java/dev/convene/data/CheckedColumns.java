package dev.convene.data;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.exists;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.nanvl;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.rtrim;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.unix_date;
import static org.apache.spark.sql.functions.unix_micros;
import static org.apache.spark.sql.functions.when;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/** Decides, for every column in use, which values it takes and what is wrong with the others. */
final class CheckedColumns {
  private static final String CORRECT = "correct the row or leave it out";
  private static final String LEAVE_OUT =
      "correct the row, or leave the column out of data.features";
  private static final Column INFINITY = lit(Double.POSITIVE_INFINITY);
  private static final UserDefinedFunction NOT_FINITE =
      udf((UDF1<Vector, Double>) Fault::firstNotFinite, DataTypes.DoubleType);

  private final SourceTable table;
  private final TableColumns columns;

  private CheckedColumns(SourceTable table, TableColumns columns) {
    this.table = table;
    this.columns = columns;
  }

  /**
   * The labels, the weight and the features, in this order.
   *
   * @throws ConveneException naming every column that is missing or of a type that cannot be used
   */
  static List<CheckedColumn> of(SourceTable table, TableColumns columns) {
    columns.requireDistinct(table.source());
    requirePresent(table, columns);
    TableColumns resolved =
        columns.features().isEmpty() ? columns.withFeatures(others(table, columns)) : columns;
    resolved.requireCategoricalInUse(table.source());
    return new CheckedColumns(table, resolved).all();
  }

  private static void requirePresent(SourceTable table, TableColumns columns) {
    List<String> names = table.names();
    Set<String> missing = new LinkedHashSet<>(columns.labels());
    columns.weight().ifPresent(missing::add);
    missing.addAll(columns.features());
    columns.categorical().stream().sorted().forEach(missing::add);
    names.forEach(missing::remove);
    if (!missing.isEmpty()) {
      throw ConveneException.data(
          "%s has no column%s %s; it has %s%s",
          table.source(),
          missing.size() == 1 ? "" : "s",
          String.join(", ", missing),
          String.join(", ", names),
          table.source().isFormat(DataReader.CSV) && names.contains("_c0")
              ? " (if its first line names the columns, set the option header = true)"
              : "");
    }
  }

  private static List<String> others(SourceTable table, TableColumns columns) {
    Set<String> taken = new LinkedHashSet<>(columns.labels());
    columns.weight().ifPresent(taken::add);
    List<String> others = table.namesBut(taken);
    if (others.isEmpty()) {
      throw ConveneException.data(
          columns.labels().size() == 1 && columns.weight().isEmpty()
              ? "%s has no features: its only column is the label, %s"
              : "%s has no features: its only columns are %s",
          table.source(),
          String.join(", ", taken));
    }
    return others;
  }

  private List<CheckedColumn> all() {
    List<CheckedColumn> all = new ArrayList<>();
    List<String> refused = new ArrayList<>();
    for (String label : columns.labels()) {
      label(label).ifPresentOrElse(all::add, () -> refused.add(refusal(label, "a label")));
    }
    for (String weight : columns.weight().stream().toList()) {
      weight(weight).ifPresentOrElse(all::add, () -> refused.add(refusal(weight, "a weight")));
    }
    for (String feature : columns.features()) {
      feature(feature).ifPresentOrElse(all::add, () -> refused.add(refusal(feature, null)));
    }
    if (!refused.isEmpty()) {
      throw new ConveneException(ExitStatus.DATA, String.join("; ", refused));
    }
    return all;
  }

  private DataType typeOf(String name) {
    return table.rows().schema().apply(name).dataType();
  }

  private Metadata metadataOf(String name) {
    return table.rows().schema().apply(name).metadata();
  }

  /** Why the column cannot be used as that; null stands for a feature. */
  private String refusal(String name, String use) {
    DataType type = typeOf(name);
    String place = "column " + name + " of " + table.source();
    if (use != null && isVector(type)) {
      return place + " is a vector, not " + use;
    }
    String is = place + " is of type " + type.simpleString() + ", not ";
    if (columns.categorical().contains(name)) {
      return is + "a category: leave it out of data.categorical";
    }
    boolean canBeCategory = type instanceof StringType;
    if (use != null) {
      return is
          + "numeric"
          + (canBeCategory && use.equals("a label") ? ": name it in data.categorical" : "");
    }
    return is
        + "numeric: "
        + (canBeCategory ? "name it in data.categorical, or " : "")
        + "leave it out of data.features";
  }

  private Optional<CheckedColumn> label(String name) {
    String ifMissing = CORRECT;
    if (table.source().isFormat(DataReader.IMAGE) && name.equals(ImageFolders.LABEL)) {
      ifMissing = "it lies beside the folders of classes: move it into one of them";
    }
    return columns.categorical().contains(name)
        ? category(name, false, ifMissing)
        : number(
            name,
            false,
            "a finite number",
            ifMissing,
            isText(typeOf(name))
                ? "correct the row, or name the column in data.categorical"
                : CORRECT);
  }

  private Optional<CheckedColumn> weight(String name) {
    return number(name, false, "a weight, finite and at least 0", CORRECT, CORRECT)
        .map(
            number ->
                new CheckedColumn(
                    name,
                    number.type(),
                    number.metadata(),
                    number.value(),
                    number.good().and(number.value().geq(0.0)),
                    number.fault()));
  }

  private Optional<CheckedColumn> feature(String name) {
    DataType type = typeOf(name);
    String fill = "correct the row, or set preprocess.missing to fill such values";
    if (columns.categorical().contains(name)) {
      return category(
          name,
          columns.missingCategories(),
          "correct the row, or set preprocess.unseen-category = keep");
    }
    if (isVector(type)) {
      return Optional.of(vector(name));
    }
    if (type instanceof ArrayType array && array.elementType() instanceof NumericType) {
      return Optional.of(array(name));
    }
    return number(
        name,
        columns.missingNumbers(),
        "a finite number",
        fill,
        isText(type)
            ? "correct the row, name the column in data.categorical, or leave it out of"
                + " data.features"
            : LEAVE_OUT);
  }

  private static boolean isVector(DataType type) {
    return type.equals(SQLDataTypes.VectorType());
  }

  /** Whether numbers may stand there as text: so does everything in a csv, and folders' names. */
  private boolean isText(DataType type) {
    return type instanceof StringType
        && (table.source().isFormat(DataReader.CSV) || table.source().isFormat(DataReader.IMAGE));
  }

  /** A double; null where the value is missing, if that is allowed. Empty for other types. */
  private Optional<CheckedColumn> number(
      String name, boolean missingAllowed, String what, String ifMissing, String ifWrong) {
    DataType type = typeOf(name);
    Column held = SourceTable.column(name);
    Column number = asDouble(held, name, type);
    if (number == null) {
      return Optional.empty();
    }
    boolean text = isText(type);
    boolean fractional = text || type instanceof DoubleType || type instanceof FloatType;
    Column value = number;
    Column good;
    if (fractional && missingAllowed) {
      value = nanvl(number, lit(null).cast(DataTypes.DoubleType));
      Column finite = not(abs(number).eqNullSafe(INFINITY));
      good = text ? finite.and(number.isNotNull().or(held.isNull())) : finite;
    } else if (fractional) {
      // In Spark's order NaN is above infinity.
      good = abs(number).lt(INFINITY);
    } else {
      good = missingAllowed ? lit(true) : held.isNotNull();
    }
    if (text) {
      // As in Java's source code, Spark takes 1d and 1f for numbers.
      for (String suffix : List.of("d", "D", "f", "F")) {
        Column typed = rtrim(held).endsWith(suffix);
        good = good.and(not(missingAllowed ? coalesce(typed, lit(false)) : typed));
      }
    }
    return Optional.of(
        new CheckedColumn(
            name,
            DataTypes.DoubleType,
            type instanceof NumericType ? metadataOf(name) : Metadata.empty(),
            value,
            good,
            new Fault(name, what, ifMissing, ifWrong)));
  }

  /** The numeric expression, or null for a type that has none. */
  private Column asDouble(Column column, String name, DataType type) {
    if (isText(type)) {
      return expr("try_cast(`" + name.replace("`", "``") + "` as double)");
    }
    if (type instanceof NumericType || type instanceof BooleanType) {
      return column.cast(DataTypes.DoubleType);
    }
    if (type instanceof DateType) {
      return unix_date(column).cast(DataTypes.DoubleType);
    }
    if (type instanceof TimestampType || type instanceof TimestampNTZType) {
      Column micros = unix_micros(column.cast(DataTypes.TimestampType));
      return micros.divide(1e6);
    }
    return null;
  }

  /** A string; null where the value is missing, if that is allowed. Empty for other types. */
  private Optional<CheckedColumn> category(String name, boolean missingAllowed, String ifMissing) {
    DataType type = typeOf(name);
    boolean usable =
        type instanceof StringType
            || type instanceof NumericType
            || type instanceof BooleanType
            || type instanceof DateType
            || type instanceof TimestampType
            || type instanceof TimestampNTZType;
    if (!usable) {
      return Optional.empty();
    }
    Column held = SourceTable.column(name);
    Column present =
        type instanceof DoubleType || type instanceof FloatType
            ? when(not(isnan(held)), held)
            : held;
    Column value = present.cast(DataTypes.StringType);
    return Optional.of(
        new CheckedColumn(
            name,
            DataTypes.StringType,
            Metadata.empty(),
            value,
            missingAllowed ? lit(true) : value.isNotNull(),
            new Fault(name, "a category", ifMissing, ifMissing)));
  }

  private CheckedColumn vector(String name) {
    Column vector = SourceTable.column(name);
    // Pixels are bytes: there is nothing to check.
    Column good =
        table.isPixels(name)
            ? lit(true)
            : vector.isNotNull().and(NOT_FINITE.apply(vector).isNull());
    return new CheckedColumn(
        name,
        SQLDataTypes.VectorType(),
        metadataOf(name),
        vector,
        good,
        new Fault(name, "a vector", LEAVE_OUT, LEAVE_OUT));
  }

  private CheckedColumn array(String name) {
    Column array = SourceTable.column(name).cast(DataTypes.createArrayType(DataTypes.DoubleType));
    return new CheckedColumn(
        name,
        SQLDataTypes.VectorType(),
        Metadata.empty(),
        org.apache.spark.ml.functions.array_to_vector(array),
        array.isNotNull().and(not(exists(array, x -> x.isNull().or(abs(x).geq(INFINITY))))),
        new Fault(name, "an array of finite numbers", LEAVE_OUT, LEAVE_OUT));
  }
}
