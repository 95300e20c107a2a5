package dev.convene.data;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.shiftright;
import static org.apache.spark.sql.functions.shiftrightunsigned;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Sets rows aside by a seeded hash of their content: the same rows however Spark splits the input,
 * and equal rows on the same side. Each purpose has a hash of its own, so that what one leaves is
 * no special choice for the other.
 */
public enum RowSplit {
  VALIDATION,
  TEST;

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

  /**
   * A boolean column that is true for the rows set aside: of each class the nearest whole number to
   * its share, those of smallest hash (more only if the last one has equals). Takes two passes over
   * the rows.
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
    Column chosen = lit(false);
    for (Map.Entry<Object, Long> last : lastHashes(hashes, fraction).entrySet()) {
      chosen =
          chosen.or(
              ColumnNames.column(label).equalTo(lit(last.getKey())).and(hash.leq(last.getValue())));
    }
    return chosen;
  }

  /** Where in a class its last row set aside is: the n-th smallest hash of a cell. */
  private record Place(long cell, int n) {}

  /** The largest hash set aside in each class; none for a class with no row set aside. */
  private static Map<Object, Long> lastHashes(Dataset<Row> hashes, double fraction) {
    Map<Object, Place> places = places(hashes, fraction);
    Column wanted = lit(false);
    for (Map.Entry<Object, Place> place : places.entrySet()) {
      Column sameClass = col(LABEL).equalTo(lit(place.getKey()));
      wanted = wanted.or(sameClass.and(col(CELL).equalTo(place.getValue().cell)));
    }
    Map<Object, Long> lastHashes = new HashMap<>();
    List<Row> sorted =
        hashes.filter(wanted).groupBy(LABEL).agg(sort_array(collect_list(HASH))).collectAsList();
    for (Row ofClass : sorted) {
      List<Long> ascending = ofClass.getList(1);
      lastHashes.put(ofClass.get(0), ascending.get(places.get(ofClass.get(0)).n - 1));
    }
    return lastHashes;
  }

  private static Map<Object, Place> places(Dataset<Row> hashes, double fraction) {
    Map<Object, TreeMap<Long, Long>> rowsByCell = new HashMap<>();
    for (Row cell : hashes.groupBy(LABEL, CELL).agg(count(lit(1))).collectAsList()) {
      rowsByCell
          .computeIfAbsent(cell.get(0), any -> new TreeMap<>())
          .put(cell.getLong(1), cell.getLong(2));
    }
    Map<Object, Place> places = new HashMap<>();
    rowsByCell.forEach(
        (label, cells) -> {
          long all = cells.values().stream().mapToLong(Long::longValue).sum();
          long left = Math.round(fraction * all);
          for (Map.Entry<Long, Long> cell : cells.entrySet()) {
            if (left > 0 && left <= cell.getValue()) {
              places.put(label, new Place(cell.getKey(), Math.toIntExact(left)));
            }
            left -= cell.getValue();
          }
        });
    return places;
  }

  /** 53 bits of a hash of the seed and the row. */
  private Column hash(Dataset<Row> rows, long seed) {
    List<Column> content = new ArrayList<>(List.of(lit(seed)));
    if (this != VALIDATION) {
      content.add(lit(name()));
    }
    Arrays.stream(rows.columns()).map(ColumnNames::column).forEach(content::add);
    return shiftrightunsigned(xxhash64(content.toArray(Column[]::new)), Long.SIZE - HASH_BITS);
  }
}
