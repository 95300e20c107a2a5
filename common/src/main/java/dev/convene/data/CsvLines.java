package dev.convene.data;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.from_csv;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.trim;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
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
      Row first = matches(spark, bad, options).agg(min("line")).head();
      return first.isNullAt(0) ? OptionalLong.empty() : OptionalLong.of(first.getLong(0));
    } catch (Exception e) {
      // The bad row is to be reported whether or not its line can be found.
      return OptionalLong.empty();
    }
  }

  private static Dataset<Row> matches(
      SparkSession spark, BadRowException bad, Map<String, String> options) {
    Dataset<Row> lines = lines(spark, bad.file(), options);
    Column text = col("text");
    if (bad.column() == null) {
      return lines.filter(text.equalTo(bad.value()));
    }
    Column data = not(trim(text).equalTo(""));
    if (options.containsKey("comment")) {
      data = data.and(not(text.startsWith(options.get("comment"))));
    }
    if (CsvText.hasHeader(bad.source())) {
      data = data.and(col("line").gt(1));
    }
    StructType columns = CsvText.load(spark, bad.source(), List.of(bad.file())).schema();
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

  /** The columns text and line, from 1. */
  private static Dataset<Row> lines(SparkSession spark, String file, Map<String, String> options) {
    DataFrameReader reader = spark.read();
    if (options.containsKey("lineSep")) {
      reader = reader.option("lineSep", options.get("lineSep"));
    }
    return spark.createDataFrame(
        reader
            .text(file)
            .toJavaRDD()
            .zipWithIndex()
            .map(line -> RowFactory.create(line._1().getString(0), line._2() + 1)),
        new StructType().add("text", DataTypes.StringType).add("line", DataTypes.LongType));
  }
}
