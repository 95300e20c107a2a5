package dev.convene.data;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.struct;

import dev.convene.ConveneException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Reads any source into a DataFrame of typed columns: labels, the weight if there is one, and the
 * features in one column, {@link PackedFeatures}.
 *
 * <ul>
 *   <li>A categorical label or feature is a string.
 *   <li>Any other label, the weight, and a numeric feature is a double within float32's range: of
 *       dates the days since 1970-01-01, of timestamps the seconds since then (of one without a
 *       zone as if it were UTC), of booleans 0 or 1.
 *   <li>A vector, or an array of numbers, is an MLlib vector of such numbers.
 *   <li>A feature that is missing (null, or NaN) is null where missing values are allowed.
 * </ul>
 *
 * <p>Nothing is guessed: the text of a csv file is read as text, and text that is no number is an
 * error. Values are checked in the pass that uses them, so clean data is read no more often for it.
 */
public final class DataReader {
  /** In {@link #readMarked}: a struct of all the source's columns as they came. */
  public static final String SOURCE = "_convene_source";

  /** In {@link #readMarked}: the problem with the row; null for a good one. */
  public static final String PROBLEM = "_convene_problem";

  private static final String CHECKED = "_convene_checked";

  private final SparkSession spark;
  private final String cache;

  /**
   * A reader that keeps registered data sets in a cache.
   *
   * @param cache a directory on any Hadoop file system; used only if a registered set is read
   */
  public DataReader(SparkSession spark, String cache) {
    this.spark = spark;
    this.cache = cache;
  }

  /**
   * Reads rows that must all be good: a bad value ends the pass that meets it with a {@link
   * ConveneException} that names file, column and value; {@link BadRowLocator} finds its line.
   *
   * @return the labels and the weight, in this order and under their own names, and {@link
   *     PackedFeatures}; at least one row
   * @throws ConveneException if there is nothing to read, or a column is missing, twice or of a
   *     type that cannot be used
   */
  public Dataset<Row> read(DataSource source, TableColumns columns) {
    SourceTable table = SourceTable.open(spark, cache, source);
    CheckedColumns checked = CheckedColumns.of(table, columns);
    if (table.rows().isEmpty()) {
      throw ConveneException.data("%s has no rows", source);
    }
    List<Column> selected = new ArrayList<>();
    for (CheckedColumn target : checked.targets()) {
      selected.add(RowCheck.refusing(table, target).as(target.name(), target.metadata()));
    }
    selected.add(
        PackedFeatures.named(
            RowCheck.refusing(table, checked.features()),
            checked.features().stream().map(CheckedColumn::field).toList(),
            names(checked.targets())));
    return table.rows().select(selected.toArray(Column[]::new));
  }

  /**
   * Reads rows of which some may be bad, one for each of the source's: {@link #SOURCE}, then the
   * columns of {@link #read}, null where they are bad, and {@link #PROBLEM}, one sentence that
   * names the file and the first bad column, or why the source could not read the row.
   *
   * @throws ConveneException as {@link #read} does, but for bad values and if there are no rows
   */
  public Dataset<Row> readMarked(DataSource source, TableColumns columns) {
    SourceTable table = SourceTable.open(spark, cache, source);
    CheckedColumns checked = CheckedColumns.of(table, columns);
    Column[] own = table.names().stream().map(table::column).toArray(Column[]::new);
    Column row = InterpretedColumn.of(() -> struct(own));
    Column marks = RowCheck.marked(table, checked.targets(), checked.features());
    List<Column> selected = new ArrayList<>(List.of(col(SOURCE)));
    for (CheckedColumn target : checked.targets()) {
      selected.add(
          col(CHECKED)
              .getField(RowCheck.TARGETS)
              .getField(target.name())
              .as(target.name(), target.metadata()));
    }
    selected.add(
        PackedFeatures.named(
            col(CHECKED).getField(RowCheck.FEATURES),
            checked.features().stream().map(CheckedColumn::field).toList(),
            names(checked.targets())));
    selected.add(col(CHECKED).getField(RowCheck.PROBLEM).as(PROBLEM));
    return table
        .rows()
        .select(row.as(SOURCE), marks.as(CHECKED))
        .select(selected.toArray(Column[]::new));
  }

  /**
   * Whether the source has columns of these names.
   *
   * @throws ConveneException if it cannot be opened
   */
  public boolean hasColumns(DataSource source, List<String> names) {
    return SourceTable.open(spark, cache, source).names().containsAll(names);
  }

  private static List<String> names(List<CheckedColumn> columns) {
    return columns.stream().map(CheckedColumn::name).toList();
  }

  /** The paths, globs among them, that reading the source would read; none of a table. */
  public List<String> paths(DataSource source) {
    return TableFormats.of(source).readsPaths()
        ? SourcePaths.named(spark, cache, source)
        : List.of();
  }

  /** How to mend a row with a {@link #PROBLEM}. */
  public static String badRowRemedy(DataSource source) {
    return TableFormats.of(source).badRowRemedy();
  }

  /**
   * The end of a message about rows of one class only: where the source's classes come from; empty
   * if they are values of a column.
   */
  public static String oneClassHint(DataSource source) {
    return TableFormats.of(source).oneClassHint();
  }

  /**
   * Checks that rows that were read from another source have the columns of the first, each of the
   * same kind and, where it is known before the rows are, of the same width.
   *
   * @param firstName how the message names the first source
   * @param otherName how the message names the other
   * @throws ConveneException naming all columns that differ
   */
  public static void requireSameColumns(
      Dataset<Row> first, String firstName, Dataset<Row> other, String otherName) {
    List<String> differences = ColumnKinds.differences(first.schema(), other.schema());
    if (!differences.isEmpty()) {
      throw ConveneException.data(
          "%s does not have the columns of %s: %s",
          otherName, firstName, String.join("; ", differences));
    }
  }
}
