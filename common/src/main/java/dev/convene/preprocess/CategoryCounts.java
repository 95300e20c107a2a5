package dev.convene.preprocess;

import static org.apache.spark.sql.functions.udf;

import dev.convene.ConveneException;
import dev.convene.data.FeaturePlaces;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;

/**
 * How often every category of some columns occurs, from one pass over the rows. A column may have
 * {@value #LIMIT} categories, so that a partition's counts stay below about 10 MB a column.
 */
final class CategoryCounts implements Serializable {
  private static final long serialVersionUID = 1;

  static final int LIMIT = 65536;

  private final String[] columns;
  private final String advice;
  private final List<Map<String, long[]>> counts = new ArrayList<>();
  private final long[] missing;
  private long rows;

  private CategoryCounts(List<String> columns, String advice) {
    this.columns = columns.toArray(String[]::new);
    this.advice = advice;
    missing = new long[this.columns.length];
    for (int c = 0; c < this.columns.length; c++) {
      counts.add(new HashMap<>());
    }
  }

  /**
   * Counts the columns' values as text.
   *
   * @param advice what to do about a column of too many categories; ends the message
   * @throws ConveneException if there are no rows; as the cause of Spark's exception if a column
   *     has more than {@value #LIMIT} categories
   */
  static CategoryCounts of(RawFeatures raw, List<String> columns, String advice) {
    FeaturePlaces places = raw.places(columns);
    UDF1<Row, String[]> categories =
        row -> {
          InputRow input = new InputRow(row, places);
          return IntStream.range(0, places.size()).mapToObj(input::category).toArray(String[]::new);
        };
    UserDefinedFunction ofRow =
        udf(categories, DataTypes.createArrayType(DataTypes.StringType, true));
    CategoryCounts counts =
        raw.rows()
            .select(ofRow.apply(raw.packed(columns)))
            .javaRDD()
            .treeAggregate(
                new CategoryCounts(columns, advice), CategoryCounts::add, CategoryCounts::merge);
    if (counts.rows == 0) {
      throw ConveneException.data("the training data has no rows");
    }
    return counts;
  }

  private CategoryCounts add(Row row) {
    rows++;
    List<String> categories = row.getList(0);
    for (int c = 0; c < columns.length; c++) {
      String category = categories.get(c);
      if (category == null) {
        missing[c]++;
      } else {
        add(c, category, 1);
      }
    }
    return this;
  }

  private CategoryCounts merge(CategoryCounts other) {
    rows += other.rows;
    for (int c = 0; c < columns.length; c++) {
      missing[c] += other.missing[c];
      int column = c;
      other.counts.get(c).forEach((category, count) -> add(column, category, count[0]));
    }
    return this;
  }

  private void add(int column, String category, long times) {
    Map<String, long[]> ofColumn = counts.get(column);
    ofColumn.computeIfAbsent(category, c -> new long[1])[0] += times;
    if (ofColumn.size() > LIMIT) {
      throw ConveneException.data(
          "column %s has more than %d categories: %s", columns[column], LIMIT, advice);
    }
  }

  long rows() {
    return rows;
  }

  long missing(int column) {
    return missing[column];
  }

  /** The categories of at least so many rows, by code point. */
  String[] categories(int column, long minCount) {
    return counts.get(column).entrySet().stream()
        .filter(entry -> entry.getValue()[0] >= minCount)
        .map(Map.Entry::getKey)
        .sorted(CategoryCounts::compareByCodePoint)
        .toArray(String[]::new);
  }

  private static int compareByCodePoint(String a, String b) {
    return Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());
  }
}
