package dev.convene.data;

import static org.apache.spark.sql.functions.array;

import dev.convene.ConveneException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Csv files as text, with the rows marked that do not fit their columns. */
final class CsvText {
  private CsvText() {}

  /**
   * Every column as text, then {@link SourceTable#MALFORMED}: the text of a row that has more or
   * fewer fields than there are columns.
   */
  static Dataset<Row> load(SparkSession spark, DataSource source, List<String> paths) {
    Map<String, String> options = options(source);
    StructType columns = schema(spark, source, options, paths);
    DataFrameReader reader =
        spark.read().format(CsvDialect.FORMAT).options(options).schema(columns);
    return SparkSource.load(reader, paths);
  }

  /** The reader's options: the user's, but all values as text and every row as long as it is. */
  static Map<String, String> options(DataSource source) {
    Map<String, String> options = CsvDialect.options(source.options());
    // Spark's default takes the columns of a file whose header differs by their position.
    options.putIfAbsent("enforceSchema", "false");
    options.put("inferSchema", "false");
    options.put("columnNameOfCorruptRecord", MalformedRow.COLUMN);
    // Else only the columns that are read are counted, and a short row passes.
    options.put("columnPruning", "false");
    return options;
  }

  static boolean hasHeader(DataSource source) {
    return Boolean.parseBoolean(options(source).get("header"));
  }

  private static StructType schema(
      SparkSession spark, DataSource source, Map<String, String> options, List<String> paths) {
    if (!source.columns().isEmpty() && hasHeader(source)) {
      throw ConveneException.usage(
          "data.columns names the columns of a csv without header, but the option header is true"
              + " for %s: drop one of the two",
          source);
    }
    DataFrameReader reader = spark.read().format(CsvDialect.FORMAT).options(options);
    Dataset<Row> rows = SparkSource.load(reader, paths);
    StructType found = rows.schema();
    if (found.isEmpty()) {
      throw ConveneException.data("%s has no rows", source);
    }
    if (hasHeader(source)) {
      requireDistinctHeader(source, reader, paths);
    }
    return (source.columns().isEmpty()
            ? found
            : named(source, found, SparkSource.folderColumns(rows)))
        .add(MalformedRow.COLUMN, DataTypes.StringType);
  }

  /** The columns of the files under the names that the source gives, then those of folders. */
  private static StructType named(DataSource source, StructType found, List<String> folders) {
    ColumnNames.requireDistinct(source, source.columns());
    List<String> names = source.columns().stream().filter(name -> !folders.contains(name)).toList();
    int fields = found.size() - folders.size();
    if (names.size() != fields) {
      throw ConveneException.data(
          "data.columns has %d names, but the first row of %s has %d fields",
          names.size(), source, fields);
    }
    StructType schema = new StructType();
    for (String name : names) {
      schema = schema.add(name, DataTypes.StringType);
    }
    for (String folder : folders) {
      schema = schema.add(found.apply(folder));
    }
    return schema;
  }

  /** Spark renames columns that share a name, so they are looked for in the file's first line. */
  private static void requireDistinctHeader(
      DataSource source, DataFrameReader reader, List<String> paths) {
    Dataset<Row> lines = SparkSource.load(reader.option("header", false), paths);
    Column[] names = Stream.of(lines.columns()).map(ColumnNames::column).toArray(Column[]::new);
    for (Row header : lines.select(InterpretedColumn.of(() -> array(names))).takeAsList(1)) {
      ColumnNames.requireDistinct(
          source, header.<String>getList(0).stream().filter(Objects::nonNull).toList());
    }
  }
}
