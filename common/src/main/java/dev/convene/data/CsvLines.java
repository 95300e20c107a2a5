package dev.convene.data;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.from_csv;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.trim;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Finds the lines of bad rows in csv files, by a pass over the file. */
final class CsvLines {
  private CsvLines() {}

  /** The first line, from 1, that gives the bad row; empty where lines are not rows. */
  static OptionalLong find(SparkSession spark, BadRowException bad) {
    Map<String, String> options = CsvText.options(bad.source());
    boolean linesAreRows =
        bad.file() != null
            && !Boolean.parseBoolean(options.get("multiLine"))
            && !options.containsKey("encoding")
            && !options.containsKey("charset");
    if (!linesAreRows) {
      return OptionalLong.empty();
    }
    try {
      return TextLines.first(matches(spark, bad, options));
    } catch (Exception e) {
      // The bad row is to be reported whether or not its line can be found.
      return OptionalLong.empty();
    }
  }

  private static Dataset<Row> matches(
      SparkSession spark, BadRowException bad, Map<String, String> options) {
    Dataset<Row> lines = TextLines.of(spark, bad.file(), options);
    Column text = col("text");
    if (bad.column() == null) {
      return lines.filter(TextLines.is(bad.value()));
    }
    Column data = not(trim(text).equalTo(""));
    if (options.containsKey("comment")) {
      data = data.and(not(text.startsWith(options.get("comment"))));
    }
    if (CsvText.hasHeader(bad.source())) {
      data = data.and(col("line").gt(1));
    }
    StructType columns =
        CsvText.load(spark, bad.source(), List.of(LiteralPath.escaped(bad.file()))).schema();
    Dataset<Row> rows =
        lines
            .filter(data)
            .select(col("line"), from_csv(text, lit(columns.toDDL()), options).as("row"))
            .select("line", "row.*");
    return SqlExpressions.derive(bad.source(), rows)
        .filter(
            ColumnNames.column(bad.column())
                .cast(DataTypes.StringType)
                .eqNullSafe(lit(bad.value())));
  }
}
