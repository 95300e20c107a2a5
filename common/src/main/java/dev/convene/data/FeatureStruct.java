package dev.convene.data;

import static org.apache.spark.sql.functions.struct;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The features of rows as the fields of one struct column. {@link DataReader} makes it: whatever is
 * done to the rows, Spark plans and compiles as little for thousands of features as for one, and no
 * feature's name meets those of other columns. Rows that were not read by it have their features in
 * columns of their own; the methods treat both alike.
 */
public final class FeatureStruct {
  private static final String NAME = "_convene_features";

  /** Marks the column, whose name may be another where it would meet that of a label. */
  private static final String MARK = "convene.features";

  private static final Metadata METADATA = new MetadataBuilder().putBoolean(MARK, true).build();

  private FeatureStruct() {}

  /** A struct of features as the column that other rows' methods find. */
  static Column marked(Column features, List<String> otherColumns) {
    return features.as(ColumnNames.free(NAME, otherColumns), METADATA);
  }

  private static Optional<StructField> in(StructType rows) {
    return Arrays.stream(rows.fields())
        .filter(field -> field.metadata().contains(MARK))
        .findFirst();
  }

  /** All columns of the rows, the features in the place of their struct. */
  public static List<StructField> columns(StructType rows) {
    return Arrays.stream(rows.fields())
        .flatMap(
            field ->
                field.metadata().contains(MARK)
                    ? Arrays.stream(((StructType) field.dataType()).fields())
                    : Stream.of(field))
        .toList();
  }

  /** The features that the struct holds, in its order; empty if there is none. */
  public static List<String> features(StructType rows) {
    return in(rows)
        .map(struct -> List.of(((StructType) struct.dataType()).fieldNames()))
        .orElse(List.of());
  }

  /**
   * A struct with fields of those names at least, which the rows have.
   *
   * @param rows their schema
   */
  public static Column of(StructType rows, List<String> names) {
    return in(rows)
        .map(struct -> ColumnNames.column(struct.name()))
        .orElseGet(() -> struct(names.stream().map(ColumnNames::column).toArray(Column[]::new)));
  }

  /** Where in the struct of {@link #of} the fields of those names are. */
  public static int[] places(StructType rows, List<String> names) {
    return in(rows)
        .map(struct -> names.stream().mapToInt(((StructType) struct.dataType())::fieldIndex))
        .orElseGet(() -> IntStream.range(0, names.size()))
        .toArray();
  }

  /** One column of {@link #columns}. */
  public static Column column(StructType rows, String name) {
    Optional<StructField> struct = in(rows);
    boolean isField =
        struct.isPresent()
            && Arrays.asList(((StructType) struct.get().dataType()).fieldNames()).contains(name);
    return isField
        ? ColumnNames.column(struct.get().name()).getField(name)
        : ColumnNames.column(name);
  }

  /** The rows with their features in columns of their own, in the place of the struct. */
  public static Dataset<Row> expanded(Dataset<Row> rows) {
    StructType schema = rows.schema();
    return in(schema).isEmpty()
        ? rows
        : rows.select(
            columns(schema).stream()
                .map(field -> column(schema, field.name()).as(field.name(), field.metadata()))
                .toArray(Column[]::new));
  }
}
