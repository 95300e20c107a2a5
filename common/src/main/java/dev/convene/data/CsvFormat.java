package dev.convene.data;

import dev.convene.ConveneException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.lang3.StringUtils;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;

/** Csv files, every column of them as text ({@link CsvText}). */
final class CsvFormat implements TableFormat {
  // Neither Spark nor its parser of csv has classes for these errors.
  private static final Pattern OTHER_HEADER =
      Pattern.compile(
          "(?:CSV header does not conform|Number of column in CSV header).*CSV file: ([^\n]*)",
          Pattern.DOTALL);
  private static final Pattern TOO_MANY_COLUMNS =
      Pattern.compile(
          "^java.lang.ArrayIndexOutOfBoundsException - .*Maximum number of columns=(\\d+)",
          Pattern.DOTALL);
  private static final Pattern TOO_MANY_CHARACTERS =
      Pattern.compile("exceeds the maximum number of characters[^(]*\\((\\d+)\\)");

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
        row ->
            (StringUtils.countMatches(row, '"') % 2 == 0
                        ? "a row does not have %d fields as the first one does: "
                        : "a row has a quote that is not closed, so it does not have %d fields as the"
                            + " first one does (if fields hold line breaks, set data.options.multiLine"
                            + " = true): ")
                    .formatted(fields)
                + MalformedRow.abbreviated(row),
        "");
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
  public Optional<ConveneException> describe(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    Matcher header = OTHER_HEADER.matcher(message);
    if (header.find()) {
      return Optional.of(
          ConveneException.data(
              "%s: its header differs from that of the other files: give all files the same columns"
                  + " in the same order",
              new Path(header.group(1).strip())));
    }
    Matcher columns = TOO_MANY_COLUMNS.matcher(message);
    if (columns.find()) {
      return Optional.of(
          ConveneException.usage(
              "a csv row has more than %s fields: set data.options.maxColumns to as many as the"
                  + " table has (if it has fewer, check data.options.sep and quotes)",
              columns.group(1)));
    }
    Matcher characters = TOO_MANY_CHARACTERS.matcher(message);
    return characters.find()
        ? Optional.of(
            ConveneException.usage(
                "a csv field has more than %s characters: set data.options.maxCharsPerColumn to as"
                    + " many as the longest has",
                characters.group(1)))
        : Optional.empty();
  }
}
