package dev.convene.data;

import dev.convene.ConveneException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Csv files as text, with the rows marked that do not fit their columns. */
final class CsvText {
  /** The text of a row that has more or fewer fields than there are columns; null for others. */
  static final String MALFORMED = "_convene_malformed_row";

  private CsvText() {}

  /** Every column as text, then {@link #MALFORMED}. */
  static Dataset<Row> load(SparkSession spark, DataSource source) {
    Map<String, String> options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    // Spark's default takes the columns of a file whose header differs by their position.
    options.put("enforceSchema", "false");
    options.putAll(source.options());
    options.put("inferSchema", "false");
    options.put("columnNameOfCorruptRecord", MALFORMED);
    // Else only the columns that are read are counted, and a short row passes.
    options.put("columnPruning", "false");
    DataFrameReader reader = spark.read().format(DataReader.CSV).options(options);
    StructType columns = SparkSource.load(source, reader).schema();
    if (columns.isEmpty()) {
      throw ConveneException.data("%s has no rows", source);
    }
    if (Boolean.parseBoolean(options.get("header"))) {
      requireDistinctHeader(spark, source, options);
    }
    return SparkSource.load(source, reader.schema(columns.add(MALFORMED, DataTypes.StringType)));
  }

  /** Spark renames columns that share a name, so they are looked for in the file's first line. */
  private static void requireDistinctHeader(
      SparkSession spark, DataSource source, Map<String, String> options) {
    DataFrameReader reader =
        spark.read().format(DataReader.CSV).options(options).option("header", false);
    for (Row header : SparkSource.load(source, reader).takeAsList(1)) {
      Set<String> seen = new HashSet<>();
      for (int i = 0; i < header.size(); i++) {
        if (!header.isNullAt(i) && !seen.add(header.getString(i).toLowerCase(Locale.ROOT))) {
          throw ConveneException.data(
              "%s has two columns named %s: rename one of them", source, header.getString(i));
        }
      }
    }
  }
}
