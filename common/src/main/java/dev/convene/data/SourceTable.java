package dev.convene.data;

import static scala.collection.JavaConverters.seqAsJavaList;

import dev.convene.ConveneException;
import dev.convene.data.pixels.PixelColumns;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;

/**
 * A source's rows as they came, with its derived columns; {@link MalformedRow#COLUMN}, too, if the
 * format marks rows.
 *
 * @param fields how many columns the files have, those apart that folders' names give
 * @param columns by name, resolved: no alias that is selected beside one can be taken for it
 */
record SourceTable(
    DataSource source,
    TableFormat format,
    Dataset<Row> rows,
    int fields,
    Map<String, Column> columns) {
  /**
   * Opens a source; registered data sets that the cache lacks are fetched.
   *
   * @param cache the directory of registered data sets
   */
  static SourceTable open(SparkSession spark, String cache, DataSource source) {
    TableFormat format = TableFormats.of(source);
    if (source.locations().isEmpty()) {
      throw ConveneException.usage("no path given to read %s from", source.format());
    }
    if (!source.columns().isEmpty() && !format.takesColumnNames()) {
      throw ConveneException.usage(
          "data.columns names the columns of a csv without header, but data.format is %s",
          source.format());
    }
    Dataset<Row> rows = loaded(spark, cache, format, source);
    List<String> names = ColumnNames.of(rows);
    ColumnNames.requireDistinct(source, names);
    Dataset<Row> derived = SqlExpressions.derive(source, rows);
    int fields = names.size() - SparkSource.folderColumns(rows).size();
    return new SourceTable(source, format, derived, fields, resolved(derived));
  }

  private static Map<String, Column> resolved(Dataset<Row> rows) {
    Map<String, Column> columns = new HashMap<>();
    for (Attribute column : seqAsJavaList(rows.queryExecution().analyzed().output())) {
      columns.put(column.name(), new Column(column));
    }
    return columns;
  }

  Column column(String name) {
    return columns.get(name);
  }

  private static Dataset<Row> loaded(
      SparkSession spark, String cache, TableFormat format, DataSource source) {
    Function<DataSource, Dataset<Row>> load =
        one ->
            format.readsPaths()
                ? loadPaths(spark, cache, format, one)
                : format.load(spark, one, one.locations());
    try {
      return load.apply(source);
    } catch (Exception e) { // Spark throws checked ones undeclared.
      throw OpeningFailure.explain(source, e, load);
    }
  }

  /** The rows, their classes counted from 0: only files of labelled images count otherwise. */
  private static Dataset<Row> loadPaths(
      SparkSession spark, String cache, TableFormat format, DataSource source) {
    SourcePaths paths = SourcePaths.of(spark, cache, source);
    Dataset<Row> rows = format.load(spark, source, paths.paths());
    return paths.firstLabel() == 0
        ? rows
        : rows.withColumn(
            PixelColumns.LABEL,
            functions.col(PixelColumns.LABEL).minus((double) paths.firstLabel()));
  }

  /** The source's own columns and the derived ones. */
  List<String> names() {
    return ColumnNames.of(rows);
  }

  StructField field(String name) {
    return rows.schema().apply(name);
  }

  /** The columns that can be features: all but those, and but the origin of a row. */
  List<String> namesBut(Set<String> others) {
    return names().stream()
        .filter(name -> !others.contains(name) && !format.isOrigin(name))
        .toList();
  }

  /** Whether that column is the pixels as they were read, not a column derived from them. */
  boolean isPixels(String name) {
    return format.isPixels(name) && !source.derive().containsKey(name);
  }

  /** Whether malformed rows lack that column. */
  boolean mayLack(String name) {
    return format.mayLack(field(name));
  }

  MalformedRow malformedRow() {
    return format.malformedRow(fields);
  }
}
