package dev.convene.data;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.struct;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The features of rows in one column: a struct of three arrays, of numbers, categories and vectors.
 * {@link DataReader} makes it. Whatever is done to the rows, Spark plans and compiles as little for
 * thousands of features as for one, and no feature's name meets that of another column. Rows that
 * were not read by it have their features in columns of their own; the methods treat both alike.
 */
public final class PackedFeatures {
  private static final String NAME = "_convene_features";

  /** In the column's metadata, which features it packs. Its name is of no meaning. */
  private static final String PACKED = "convene.features";

  /** The arrays, in the order of {@link FeaturePlaces}. */
  private static final List<String> ARRAYS = List.of("numbers", "categories", "vectors");

  private static final List<DataType> ELEMENTS =
      List.of(DataTypes.DoubleType, DataTypes.StringType, SQLDataTypes.VectorType());

  private PackedFeatures() {}

  /** The type of the column. */
  static StructType type() {
    StructType type = new StructType();
    for (int a = 0; a < ARRAYS.size(); a++) {
      type = type.add(ARRAYS.get(a), DataTypes.createArrayType(ELEMENTS.get(a), true));
    }
    return type;
  }

  /**
   * Packs the values of a row.
   *
   * @param arrays by value that of its type, as {@link #arrayOf} says
   */
  static Row packed(Object[] values, int[] arrays) {
    Object[][] packed = new Object[ARRAYS.size()][];
    for (int a = 0; a < packed.length; a++) {
      int array = a;
      packed[a] = new Object[(int) Arrays.stream(arrays).filter(of -> of == array).count()];
    }
    int[] next = new int[packed.length];
    for (int v = 0; v < values.length; v++) {
      packed[arrays[v]][next[arrays[v]]++] = values[v];
    }
    return RowFactory.create(packed[0], packed[1], packed[2]);
  }

  /** Which of the arrays has the elements of a type. */
  static int arrayOf(DataType type) {
    return ELEMENTS.indexOf(type);
  }

  private static FeaturePlaces inArrays(StructType packed, List<String> names) {
    int[] arrays =
        Arrays.stream(packed.fields()).mapToInt(field -> arrayOf(field.dataType())).toArray();
    return FeaturePlaces.inArrays(List.of(packed.fieldNames()), arrays, names);
  }

  /** A column of vectors as they are. */
  static Column ofVectors(Column[] vectors) {
    return struct(
        none(DataTypes.DoubleType).as(ARRAYS.get(0)),
        none(DataTypes.StringType).as(ARRAYS.get(1)),
        array(vectors).as(ARRAYS.get(2)));
  }

  private static Column none(DataType element) {
    return array(new Column[0]).cast(DataTypes.createArrayType(element, true));
  }

  /** The column under a name, so that other methods find it. */
  static Column named(Column column, List<StructField> features, List<String> otherColumns) {
    StructType packed = new StructType(features.toArray(StructField[]::new));
    return column.as(
        ColumnNames.free(NAME, otherColumns),
        new MetadataBuilder().putString(PACKED, packed.json()).build());
  }

  private static Optional<StructField> in(StructType rows) {
    return Arrays.stream(rows.fields())
        .filter(field -> field.metadata().contains(PACKED))
        .findFirst();
  }

  private static StructType unpacked(StructField column) {
    return (StructType) DataType.fromJson(column.metadata().getString(PACKED));
  }

  /** Whether the column of that name packs features. */
  static boolean isPack(StructType rows, String name) {
    return rows.apply(name).metadata().contains(PACKED);
  }

  /** All columns of the rows, the features in the place of their pack. */
  public static List<StructField> columns(StructType rows) {
    return Arrays.stream(rows.fields())
        .flatMap(
            field ->
                field.metadata().contains(PACKED)
                    ? Arrays.stream(unpacked(field).fields())
                    : Stream.of(field))
        .toList();
  }

  /** The features that are packed, in their order; empty if none are. */
  public static List<String> features(StructType rows) {
    return in(rows).map(column -> List.of(unpacked(column).fieldNames())).orElse(List.of());
  }

  /**
   * One column with the features of those names, which the rows have, and maybe others: what {@link
   * #places} reads.
   */
  public static Column of(StructType rows, List<String> names) {
    return packOf(rows, names)
        .map(pack -> ColumnNames.column(pack.name()))
        .orElseGet(() -> struct(columns(rows, names)));
  }

  private static Optional<StructField> packOf(StructType rows, List<String> names) {
    return in(rows).filter(pack -> Set.of(unpacked(pack).fieldNames()).containsAll(names));
  }

  /** Where in the column of {@link #of} the features of those names are. */
  public static FeaturePlaces places(StructType rows, List<String> names) {
    return packOf(rows, names)
        .map(pack -> inArrays(unpacked(pack), names))
        .orElseGet(() -> FeaturePlaces.inStruct(names.size()));
  }

  /** The rows with their features in columns of their own, in the place of the pack. */
  public static Dataset<Row> unpack(Dataset<Row> rows) {
    StructType schema = rows.schema();
    return in(schema).isEmpty()
        ? rows
        : rows.select(columns(schema, columns(schema).stream().map(StructField::name).toList()));
  }

  /** Some of {@link #columns(StructType)}. */
  public static Column[] columns(StructType rows, List<String> names) {
    Optional<StructField> column = in(rows);
    Map<String, Column> packed = new HashMap<>();
    int[] next = new int[ARRAYS.size()];
    for (StructField feature : column.map(c -> unpacked(c).fields()).orElse(new StructField[0])) {
      int a = arrayOf(feature.dataType());
      packed.put(
          feature.name(),
          ColumnNames.column(column.get().name())
              .getField(ARRAYS.get(a))
              .getItem(next[a]++)
              .as(feature.name(), feature.metadata()));
    }
    return names.stream()
        .map(name -> packed.containsKey(name) ? packed.get(name) : ColumnNames.column(name))
        .toArray(Column[]::new);
  }
}
