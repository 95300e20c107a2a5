package dev.convene.data;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.exists;
import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

/** Decides, for every column in use, which values it takes, and describes the others. */
final class CheckedColumns {
  private static final String CORRECT = "correct the row or leave it out";
  private static final UserDefinedFunction OUT_OF_RANGE =
      udf((UDF1<Vector, Double>) BadValue::firstOutOfRange, DataTypes.DoubleType);

  private final SourceTable table;
  private final TableColumns columns;
  private final Remedies remedies;

  private CheckedColumns(SourceTable table, TableColumns columns) {
    this.table = table;
    this.columns = columns;
    this.remedies = Remedies.of(columns.purpose());
  }

  /**
   * The labels, the weight and the features, in this order.
   *
   * @throws ConveneException naming every column that is missing or of a type that cannot be used
   */
  static List<CheckedColumn> of(SourceTable table, TableColumns columns) {
    return new CheckedColumns(table, RequestedColumns.resolve(table, columns)).all();
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
    return table.field(name).dataType();
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
      return is + "a category: " + remedies.noCategoryColumn();
    }
    boolean isText = type instanceof StringType;
    if (use == null) {
      return is + "numeric: " + (isText ? remedies.textColumn() : remedies.otherColumn());
    }
    return is
        + "numeric"
        + (isText && use.equals("a label") ? ": " + remedies.textLabelColumn() : "");
  }

  private Optional<CheckedColumn> label(String name) {
    String ifMissing = table.format().missingLabelRemedy(name).orElse(CORRECT);
    if (columns.categorical().contains(name)) {
      return category(name, false, ifMissing);
    }
    String ifWrong = isText(name) ? remedies.textLabel() : CORRECT;
    return number(name, false, new BadValue(name, "a finite number", ifMissing, ifWrong));
  }

  private Optional<CheckedColumn> weight(String name) {
    BadValue badValue = new BadValue(name, "a weight, finite and at least 0", CORRECT, CORRECT);
    return number(name, false, badValue).map(weights -> weights.onlyIf(weights.value().geq(0.0)));
  }

  private Optional<CheckedColumn> feature(String name) {
    DataType type = typeOf(name);
    if (columns.categorical().contains(name)) {
      return category(name, columns.missingCategories(), remedies.missingCategory());
    }
    if (isVector(type)) {
      return Optional.of(vector(name));
    }
    if (type instanceof ArrayType array && array.elementType() instanceof NumericType) {
      return Optional.of(array(name));
    }
    String ifWrong = isText(name) ? remedies.textFeature() : remedies.wrongFeature();
    return number(
        name,
        columns.missingNumbers(),
        new BadValue(name, "a finite number", remedies.missingNumber(), ifWrong));
  }

  private static boolean isVector(DataType type) {
    return type.equals(SQLDataTypes.VectorType());
  }

  private boolean isText(String name) {
    return typeOf(name) instanceof StringType && table.format().holdsNumbersAsText();
  }

  private Optional<CheckedColumn> number(String name, boolean missingAllowed, BadValue badValue) {
    return new CheckedNumber(table.field(name), isText(name)).column(missingAllowed, badValue);
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
    Column held = ColumnNames.column(name);
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
            new BadValue(name, "a category", ifMissing, ifMissing)));
  }

  private CheckedColumn vector(String name) {
    Column vector = ColumnNames.column(name);
    // Pixels are bytes: there is nothing to check.
    Column good =
        table.isPixels(name)
            ? lit(true)
            : vector.isNotNull().and(OUT_OF_RANGE.apply(vector).isNull());
    return new CheckedColumn(
        name,
        SQLDataTypes.VectorType(),
        table.field(name).metadata(),
        vector,
        good,
        new BadValue(name, "a vector", remedies.wrongFeature(), remedies.wrongFeature()));
  }

  private CheckedColumn array(String name) {
    Column array = ColumnNames.column(name).cast(DataTypes.createArrayType(DataTypes.DoubleType));
    return new CheckedColumn(
        name,
        SQLDataTypes.VectorType(),
        Metadata.empty(),
        org.apache.spark.ml.functions.array_to_vector(array),
        array
            .isNotNull()
            .and(not(exists(array, x -> x.isNull().or(abs(x).gt(CheckedNumber.LARGEST))))),
        new BadValue(
            name, "an array of finite numbers", remedies.wrongFeature(), remedies.wrongFeature()));
  }
}
