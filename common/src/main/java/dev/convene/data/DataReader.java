package dev.convene.data;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.input_file_name;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import dev.convene.ConveneException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF3;
import org.apache.spark.sql.api.java.UDF4;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;
import scala.collection.Seq;

/**
 * Reads any source into a DataFrame of typed columns: labels, the weight if there is one, features.
 *
 * <ul>
 *   <li>A categorical label or feature is a string.
 *   <li>Any other label, the weight, and a numeric feature is a finite double: of dates the days
 *       since 1970-01-01, of timestamps the seconds since then (one without a zone is taken in the
 *       session's), of booleans 0 or 1.
 *   <li>A vector, or an array of numbers, is an MLlib vector of finite numbers.
 *   <li>A feature that is missing (null, or NaN) is null where missing values are allowed.
 * </ul>
 *
 * <p>Nothing is guessed: the text of a csv file is read as text, and what is not a number is an
 * error. Values are checked in the pass that uses them, so clean data is read no more often for it.
 */
public final class DataReader {
  /** The format of image files in folders. */
  public static final String IMAGE = "image";

  /** In {@link #readMarked}: a struct of all the source's columns as they came. */
  public static final String SOURCE = "_convene_source";

  /** In {@link #readMarked}: what is wrong with the row; null for a good one. */
  public static final String PROBLEM = "_convene_problem";

  static final String IDX = "idx";
  static final String CIFAR10 = "cifar10";
  static final String CSV = "csv";

  private static final Column FITS = col(SourceTable.MALFORMED).isNull();

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
   * ConveneException} that names file, column and value; {@link ReadFailure} finds its line.
   *
   * @return the columns labels, weight, features, in this order, under their own names; at least
   *     one row
   * @throws ConveneException if there is nothing to read, or a column is missing, twice or of a
   *     type that cannot be used
   */
  public Dataset<Row> read(DataSource source, TableColumns columns) {
    SourceTable table = SourceTable.open(spark, cache, source);
    List<Column> checked = new ArrayList<>();
    boolean fitChecked = false;
    for (CheckedColumn column : CheckedColumns.of(table, columns)) {
      Column good = column.good();
      // Once a row is enough; the columns after it only tell the fault for what it is.
      if (!fitChecked && table.mayLack(column.name())) {
        good = FITS.and(good);
        fitChecked = true;
      }
      checked.add(
          when(good.or(failure(table, column)), column.value())
              .as(column.name(), column.metadata()));
    }
    if (table.rows().isEmpty()) {
      throw ConveneException.data("%s has no rows", source);
    }
    return table.rows().select(checked.toArray(Column[]::new));
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
    List<CheckedColumn> checked = CheckedColumns.of(table, columns);
    Column row =
        struct(table.names().stream().map(SourceTable::column).toArray(Column[]::new)).as(SOURCE);
    List<Column> selected = new ArrayList<>(List.of(row));
    List<Column> goods = new ArrayList<>();
    boolean mayLack = checked.stream().anyMatch(column -> table.mayLack(column.name()));
    Column allGood = mayLack ? FITS : lit(true);
    for (CheckedColumn column : checked) {
      Column good = table.mayLack(column.name()) ? FITS.and(column.good()) : column.good();
      selected.add(when(good, column.value()).as(column.name(), column.metadata()));
      goods.add(column.good());
      allGood = allGood.and(column.good());
    }
    UserDefinedFunction problemOf =
        problemOf(table, checked.stream().map(CheckedColumn::fault).toList());
    Column problem =
        interpreted(
            struct(
                input_file_name().as("file"),
                malformed(mayLack).as("malformed"),
                row.as("row"),
                array(goods.toArray(Column[]::new)).as("goods")),
            it ->
                problemOf.apply(
                    it.getField("file"),
                    it.getField("malformed"),
                    it.getField("row"),
                    it.getField("goods")));
    Column none = lit(null).cast(DataTypes.StringType);
    selected.add(when(allGood, none).otherwise(problem).as(PROBLEM));
    return table.rows().select(selected.toArray(Column[]::new));
  }

  /** What to do about a row with a {@link #PROBLEM}. */
  public static String remedy(DataSource source) {
    return source.isFormat(IMAGE) ? Misfit.LEAVE_FILE_OUT : "correct the row";
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

  private static Column malformed(boolean mayLack) {
    return mayLack ? col(SourceTable.MALFORMED) : lit(null).cast(DataTypes.StringType);
  }

  /**
   * A function of a value for which Spark generates no code, since it stands in a lambda function.
   * So the columns of a wide table, and what tells their faults, are not compiled to one method too
   * long for the JIT compiler (8000 bytes), but to several, and this to none.
   *
   * @param function names no column that is selected beside it: in a lambda function Spark would
   *     take the selected one for the source's
   */
  private static Column interpreted(Column value, UnaryOperator<Column> function) {
    return transform(array(value), function::apply).getItem(0);
  }

  /** A condition that always fails. */
  private static Column failure(SourceTable table, CheckedColumn column) {
    DataSource source = table.source();
    Fault fault = column.fault();
    Misfit misfit = table.misfit();
    UDF3<String, Object, String, Boolean> fail =
        (file, held, row) -> {
          throw row == null
              ? new BadRow(
                  source,
                  fileName(file),
                  fault.column(),
                  held == null ? null : held.toString(),
                  fault.problem(held) + ": " + fault.remedy(held))
              : new BadRow(source, fileName(file), null, row, misfit.problemAndRemedy(row));
        };
    UserDefinedFunction failed = udf(fail, DataTypes.BooleanType);
    Column malformed = malformed(table.mayLack(column.name()));
    return interpreted(
        SourceTable.column(column.name()),
        held -> failed.apply(input_file_name(), held, malformed));
  }

  /**
   * A function of the file, the malformed row, the source's row and which of its columns are good.
   */
  private static UserDefinedFunction problemOf(SourceTable table, List<Fault> faults) {
    String origin = table.source().toString();
    Misfit misfit = table.misfit();
    List<Fault> checked = new ArrayList<>(faults);
    UDF4<String, String, Row, Seq<Object>, String> problem =
        (file, malformed, row, goods) -> {
          String place = Optional.ofNullable(fileName(file)).orElse(origin) + ": ";
          if (malformed != null) {
            return place + misfit.problem(malformed);
          }
          int first = 0;
          while (Boolean.TRUE.equals(goods.apply(first))) {
            first++;
          }
          Fault fault = checked.get(first);
          return place + fault.problem(row.getAs(fault.column()));
        };
    return udf(problem, DataTypes.StringType);
  }

  /** Spark gives the file as a URI, or nothing where the source has no files. */
  private static String fileName(String file) {
    return file.isEmpty() ? null : new Path(URI.create(file)).toString();
  }
}
