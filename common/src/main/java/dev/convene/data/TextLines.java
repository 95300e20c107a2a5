package dev.convene.data;

import static org.apache.spark.sql.functions.min;

import java.util.Map;
import java.util.OptionalLong;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The lines of a text file, by number. */
final class TextLines {
  private static final String LINE_SEPARATOR = "lineSep";

  private TextLines() {}

  /** The columns text and line, from 1. */
  static Dataset<Row> of(SparkSession spark, String file, Map<String, String> options) {
    DataFrameReader reader = spark.read();
    if (options.containsKey(LINE_SEPARATOR)) {
      reader = reader.option(LINE_SEPARATOR, options.get(LINE_SEPARATOR));
    }
    return spark.createDataFrame(
        reader
            .text(LiteralPath.escaped(file))
            .toJavaRDD()
            .zipWithIndex()
            .map(line -> RowFactory.create(line._1().getString(0), line._2() + 1)),
        new StructType().add("text", DataTypes.StringType).add("line", DataTypes.LongType));
  }

  /** The first of those lines, from 1; empty if there is none. */
  static OptionalLong first(Dataset<Row> lines) {
    Row first = lines.agg(min("line")).head();
    return first.isNullAt(0) ? OptionalLong.empty() : OptionalLong.of(first.getLong(0));
  }

  /** Whether a line is that text. */
  static Column is(String text) {
    return functions.col("text").equalTo(text);
  }
}
