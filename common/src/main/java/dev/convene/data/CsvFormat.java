package dev.convene.data;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;

/** Csv files, every column of them as text ({@link CsvText}). */
final class CsvFormat implements TableFormat {
  private static final Pattern OTHER_HEADER =
      Pattern.compile(
          "(?:CSV header does not conform|Number of column in CSV header).*CSV file: ([^\n]*).*",
          Pattern.DOTALL);

  @Override
  public Dataset<Row> load(SparkSession spark, DataSource source, List<String> locations) {
    return CsvText.load(spark, source, locations);
  }

  @Override
  public boolean takesColumnNames() {
    return true;
  }

  @Override
  public boolean holdsNumbersAsText() {
    return true;
  }

  @Override
  public boolean mayLack(StructField column) {
    return true;
  }

  @Override
  public MalformedRow malformedRow(int fields) {
    return new MalformedRow(
        "a row does not have " + fields + " fields as the first one does: ", "");
  }

  @Override
  public String missingColumnHint(List<String> names) {
    return names.contains("_c0")
        ? " (if its first line names the columns, set the option header = true)"
        : "";
  }

  @Override
  public OptionalLong lineOf(SparkSession spark, BadRowException bad) {
    return CsvLines.find(spark, bad);
  }

  @Override
  public Optional<String> describe(Throwable failure) {
    if (!(failure instanceof IllegalArgumentException) || failure.getMessage() == null) {
      return Optional.empty();
    }
    Matcher header = OTHER_HEADER.matcher(failure.getMessage());
    return header.matches()
        ? Optional.of(
            new Path(header.group(1).strip())
                + ": its header differs from that of the other files: give all files the same"
                + " columns in the same order")
        : Optional.empty();
  }
}
