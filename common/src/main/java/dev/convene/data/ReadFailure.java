package dev.convene.data;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.from_csv;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.trim;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Says more about a failed pass over rows that {@link DataReader} opened. */
public final class ReadFailure {
  private static final Pattern OTHER_HEADER =
      Pattern.compile(
          "(?:CSV header does not conform|Number of column in CSV header).*CSV file: ([^\n]*).*",
          Pattern.DOTALL);

  private ReadFailure() {}

  /**
   * The failure to tell in the place of a given one: with the line of a csv file that is to blame,
   * which a second pass over that file finds, or with Spark's complaint about it in our words.
   *
   * @return the failure itself if there is nothing to add
   */
  public static Exception explained(SparkSession spark, Exception failure) {
    for (Throwable cause : ExceptionUtils.getThrowableList(failure)) {
      if (cause instanceof BadRow bad) {
        OptionalLong line = line(spark, bad);
        return line.isPresent() ? bad.inLine(line.getAsLong()) : bad;
      }
      if (cause instanceof IllegalArgumentException && cause.getMessage() != null) {
        Matcher header = OTHER_HEADER.matcher(cause.getMessage());
        if (header.matches()) {
          return new ConveneException(
              ExitStatus.DATA,
              new Path(header.group(1).strip())
                  + ": its header differs from that of the other files: give all files the same"
                  + " columns in the same order",
              failure);
        }
      }
    }
    return failure;
  }

  /** The line, from 1, of a bad row; empty if it cannot be told. */
  private static OptionalLong line(SparkSession spark, BadRow bad) {
    Map<String, String> options = CsvText.options(bad.source());
    boolean linesAreRows =
        bad.source().isFormat(DataReader.CSV)
            && bad.file() != null
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
      // What is to be told is the bad row, whether or not its line can be found.
      return OptionalLong.empty();
    }
  }

  private static Dataset<Row> matches(SparkSession spark, BadRow bad, Map<String, String> options) {
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
    return SourceTable.derived(bad.source(), rows)
        .filter(
            SourceTable.column(bad.column())
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
