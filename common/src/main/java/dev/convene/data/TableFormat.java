package dev.convene.data;

import dev.convene.ConveneException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;

/**
 * A format of tables: how Spark opens it, and in which ways its rows differ from those of a Spark
 * source of typed columns, which the defaults describe. {@link TableFormats} lists the formats.
 */
interface TableFormat {

  /**
   * Opens the rows with the columns that the files have, and {@link MalformedRow#COLUMN} if the
   * format marks rows.
   *
   * @param locations paths, or names of tables unless {@link #readsPaths}
   * @throws ConveneException if there is nothing to read, or options are wrong
   */
  Dataset<Row> load(SparkSession spark, DataSource source, List<String> locations);

  /** Whether locations are paths and registered data sets. */
  default boolean readsPaths() {
    return true;
  }

  /** Whether {@link DataSource#columns} can name its columns. */
  default boolean takesColumnNames() {
    return false;
  }

  /** Whether the column only says where a row comes from, so that it is no feature unasked. */
  default boolean isOrigin(String column) {
    return false;
  }

  /** Whether the column holds pixels as they were read, which are never missing or infinite. */
  default boolean isPixels(String column) {
    return false;
  }

  /** Whether numbers stand in its columns of strings. */
  default boolean holdsNumbersAsText() {
    return false;
  }

  /** Whether a malformed row lacks the column's value. */
  default boolean mayLack(StructField column) {
    return false;
  }

  /**
   * Describes malformed rows.
   *
   * @param fields how many columns the files have
   */
  default MalformedRow malformedRow(int fields) {
    return MalformedRow.NONE;
  }

  /** How to mend a bad row. */
  default String badRowRemedy() {
    return "correct the row";
  }

  /** How to mend a row without that label, if the format knows better than to correct the row. */
  default Optional<String> missingLabelRemedy(String label) {
    return Optional.empty();
  }

  /** The end of a message about columns that are missing: why they may be. */
  default String missingColumnHint(List<String> names) {
    return "";
  }

  /** The end of a message about rows of one class only: where classes come from. */
  default String oneClassHint() {
    return "";
  }

  /** The line, from 1, of a bad row in its file; empty if it cannot be found. */
  default OptionalLong lineOf(SparkSession spark, BadRowException bad) {
    return OptionalLong.empty();
  }

  /** The failure to report for one of Spark's that comes from this format's files alone. */
  default Optional<ConveneException> describe(Throwable failure) {
    return Optional.empty();
  }
}
