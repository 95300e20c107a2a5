package dev.convene.data;

import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Column;
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

  private final SourceTable table;
  private final TableColumns columns;
  private final Remedies remedies;

  /** The labels and the weight, in this order. */
  private final List<CheckedColumn> targets = new ArrayList<>();

  private final List<CheckedColumn> features = new ArrayList<>();

  private CheckedColumns(SourceTable table, TableColumns columns) {
    this.table = table;
    this.columns = columns;
    this.remedies = Remedies.of(columns.purpose());
    List<String> refused = new ArrayList<>();
    for (String label : columns.labels()) {
      label(label).ifPresentOrElse(targets::add, () -> refused.add(refusal(label, "a label")));
    }
    for (String weight : columns.weight().stream().toList()) {
      weight(weight).ifPresentOrElse(targets::add, () -> refused.add(refusal(weight, "a weight")));
    }
    for (String feature : columns.features()) {
      feature(feature).ifPresentOrElse(features::add, () -> refused.add(refusal(feature, null)));
    }
    if (!refused.isEmpty()) {
      throw new ConveneException(ExitStatus.DATA, String.join("; ", refused));
    }
  }

  /**
   * The columns in use.
   *
   * @throws ConveneException naming every column that is missing or of a type that cannot be used
   */
  static CheckedColumns of(SourceTable table, TableColumns columns) {
    return new CheckedColumns(table, RequestedColumns.resolve(table, columns));
  }

  List<CheckedColumn> targets() {
    return List.copyOf(targets);
  }

  List<CheckedColumn> features() {
    return List.copyOf(features);
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
    return number(
        name, ValueCheck.finite(false), new BadValue(name, "a finite number", ifMissing, ifWrong));
  }

  private Optional<CheckedColumn> weight(String name) {
    return number(
        name,
        ValueCheck.weight(),
        new BadValue(name, "a weight, finite and at least 0", CORRECT, CORRECT));
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
        ValueCheck.finite(columns.missingNumbers()),
        new BadValue(name, "a finite number", remedies.missingNumber(), ifWrong));
  }

  private static boolean isVector(DataType type) {
    return type.equals(SQLDataTypes.VectorType());
  }

  private boolean isText(String name) {
    return typeOf(name) instanceof StringType && table.format().holdsNumbersAsText();
  }

  private Optional<CheckedColumn> number(String name, ValueCheck check, BadValue badValue) {
    return new CheckedNumber(table.field(name), table.column(name), isText(name))
        .column(check, badValue);
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
    Column held = table.column(name);
    Column present =
        type instanceof DoubleType || type instanceof FloatType
            ? when(not(isnan(held)), held)
            : held;
    return Optional.of(
        new CheckedColumn(
            name,
            DataTypes.StringType,
            Metadata.empty(),
            type instanceof StringType ? held : present.cast(DataTypes.StringType),
            ValueCheck.category(missingAllowed),
            false,
            new BadValue(name, "a category", ifMissing, ifMissing)));
  }

  private CheckedColumn vector(String name) {
    // Pixels are bytes: there is nothing to check.
    boolean isPixels = table.isPixels(name);
    return new CheckedColumn(
        name,
        SQLDataTypes.VectorType(),
        table.field(name).metadata(),
        table.column(name),
        isPixels ? ValueCheck.none() : ValueCheck.vector(),
        isPixels,
        new BadValue(name, "a vector", remedies.wrongFeature(), remedies.wrongFeature()));
  }

  private CheckedColumn array(String name) {
    return new CheckedColumn(
        name,
        SQLDataTypes.VectorType(),
        Metadata.empty(),
        table.column(name).cast(DataTypes.createArrayType(DataTypes.DoubleType)),
        ValueCheck.array(),
        false,
        new BadValue(
            name, "an array of finite numbers", remedies.wrongFeature(), remedies.wrongFeature()));
  }
}
