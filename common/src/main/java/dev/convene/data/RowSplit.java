package dev.convene.data;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.shiftright;
import static org.apache.spark.sql.functions.shiftrightunsigned;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.catalyst.expressions.XxHash64Function;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Sets rows aside by a seeded hash of their content: the same rows however Spark splits the input,
 * and equal rows on the same side. Each purpose has a hash of its own, so that what one leaves is
 * no special choice for the other.
 */
public enum RowSplit {
  VALIDATION,
  TEST,
  SHOWN;

  private static final int HASH_BITS = 53;
  private static final int CELL_BITS = 16;
  private static final String LABEL = "label";
  private static final String HASH = "hash";
  private static final String CELL = "cell";

  /**
   * A boolean column that is true for the rows set aside: about the wanted share of them.
   *
   * @param fraction in [0, 1)
   */
  public Column of(Dataset<Row> rows, double fraction, long seed) {
    return hash(rows, seed).cast("double").multiply(0x1p-53).lt(fraction);
  }

  /** A column of numbers by which rows are in a random order. */
  public Column order(Dataset<Row> rows, long seed) {
    return hash(rows, seed);
  }

  /**
   * A boolean column that is true for the rows set aside: of each class the nearest whole number to
   * its share, those of smallest hash (more only if the last one has equals), but never all. Takes
   * two passes over the rows.
   *
   * @param label the column of classes, none of them null
   * @param fraction in [0, 1)
   */
  public Column stratified(Dataset<Row> rows, String label, double fraction, long seed) {
    Column hash = hash(rows, seed);
    Dataset<Row> hashes =
        rows.select(
            ColumnNames.column(label).as(LABEL),
            hash.as(HASH),
            shiftright(hash, HASH_BITS - CELL_BITS).as(CELL));
    Map<Object, Long> last = lastHashes(hashes, fraction);
    UDF2<Object, Long, Boolean> chosen = (value, of) -> of <= last.getOrDefault(key(value), -1L);
    return udf(chosen, DataTypes.BooleanType).apply(ColumnNames.column(label), hash);
  }

  /** To Spark, -0.0 and 0.0 are one class. */
  private static Object key(Object label) {
    return label instanceof Double number ? (Object) (number + 0.0) : label;
  }

  /** Where in a class its last row set aside is: the n-th smallest hash of a cell. */
  private record Place(long cell, int n) {}

  /** A class's rows by cell, and their largest hash. */
  private static final class Cells {
    private final TreeMap<Long, Long> rows = new TreeMap<>();
    private long largest;

    void add(long cell, long count, long largestHash) {
      rows.put(cell, count);
      largest = Math.max(largest, largestHash);
    }

    Optional<Place> place(double fraction) {
      long left = Math.round(fraction * rows.values().stream().mapToLong(Long::longValue).sum());
      for (Map.Entry<Long, Long> cell : rows.entrySet()) {
        if (left > 0 && left <= cell.getValue()) {
          return Optional.of(new Place(cell.getKey(), Math.toIntExact(left)));
        }
        left -= cell.getValue();
      }
      return Optional.empty();
    }
  }

  /** The largest hash set aside in each class; none for a class with no row set aside. */
  private static Map<Object, Long> lastHashes(Dataset<Row> hashes, double fraction) {
    Map<Object, Cells> cells = cells(hashes);
    Map<Object, Place> places = new HashMap<>();
    cells.forEach(
        (label, ofClass) -> ofClass.place(fraction).ifPresent(place -> places.put(label, place)));
    Map<Object, Long> wantedCells = new HashMap<>();
    places.forEach((label, place) -> wantedCells.put(label, place.cell));
    UDF2<Object, Long, Boolean> wanted = (label, cell) -> cell.equals(wantedCells.get(key(label)));
    List<Row> sorted =
        hashes
            .filter(udf(wanted, DataTypes.BooleanType).apply(col(LABEL), col(CELL)))
            .groupBy(LABEL)
            .agg(sort_array(collect_list(HASH)))
            .collectAsList();
    Map<Object, Long> lastHashes = new HashMap<>();
    for (Row ofClass : sorted) {
      Object label = key(ofClass.get(0));
      long last = ofClass.<Long>getList(1).get(places.get(label).n - 1);
      // With the class's largest hash no row would be left: only smaller ones are set aside.
      lastHashes.put(label, last == cells.get(label).largest ? last - 1 : last);
    }
    return lastHashes;
  }

  private static Map<Object, Cells> cells(Dataset<Row> hashes) {
    Map<Object, Cells> cells = new HashMap<>();
    for (Row cell :
        hashes.groupBy(LABEL, CELL).agg(count(lit(1)), max(col(HASH))).collectAsList()) {
      cells
          .computeIfAbsent(key(cell.get(0)), label -> new Cells())
          .add(cell.getLong(1), cell.getLong(2), cell.getLong(3));
    }
    return cells;
  }

  /** 53 bits of a hash of the seed and the row. */
  private Column hash(Dataset<Row> rows, long seed) {
    List<Column> content = new ArrayList<>(List.of(lit(seed)));
    if (this != VALIDATION) {
      content.add(lit(name()));
    }
    StructType schema = rows.schema();
    Arrays.stream(rows.columns())
        .filter(name -> !PackedFeatures.isPack(schema, name))
        .map(ColumnNames::column)
        .forEach(content::add);
    Column hash = xxhash64(content.toArray(Column[]::new));
    return shiftrightunsigned(
        PackedFeatures.features(schema).isEmpty() ? hash : followedBy(hash, schema),
        Long.SIZE - HASH_BITS);
  }

  /** The hash that xxhash64 would give with the packed features, too, as its last columns. */
  private static Column followedBy(Column hash, StructType rows) {
    List<String> names = PackedFeatures.features(rows);
    FeaturePlaces places = PackedFeatures.places(rows, names);
    UDF2<Long, Row, Long> chained =
        (before, features) -> {
          long chain = before;
          for (int f = 0; f < places.size(); f++) {
            chain = hash(places.value(features, f), chain);
          }
          return chain;
        };
    return udf(chained, DataTypes.LongType).apply(hash, PackedFeatures.of(rows, names));
  }

  /** Spark's own hash of a value; a null leaves the hash before it. */
  private static long hash(Object value, long before) {
    if (value instanceof Vector vector) {
      VectorUDT type = new VectorUDT();
      return XxHash64Function.hash(type.serialize(vector), type.sqlType(), before);
    }
    return value instanceof String text
        ? XxHash64Function.hash(UTF8String.fromString(text), DataTypes.StringType, before)
        : XxHash64Function.hash(value, DataTypes.DoubleType, before);
  }
}
