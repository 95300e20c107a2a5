package dev.convene.data;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.input_file_name;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.udf;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF3;
import org.apache.spark.sql.api.java.UDF4;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;
import scala.collection.Seq;

/** Columns that report the problem with a row: as the task's failure, or as text. */
final class RowProblems {
  private RowProblems() {}

  /** A condition that always fails, with the {@link BadRowException} of a column's bad value. */
  static Column fail(SourceTable table, CheckedColumn column) {
    DataSource source = table.source();
    BadValue badValue = column.badValue();
    MalformedRow malformedRow = table.malformedRow();
    UDF3<String, Object, String, Boolean> fail =
        (file, held, malformed) -> {
          throw malformed == null
              ? new BadRowException(
                  source,
                  fileName(file),
                  badValue.column(),
                  held == null ? null : held.toString(),
                  badValue.problem(held) + ": " + badValue.remedy(held))
              : new BadRowException(
                  source,
                  fileName(file),
                  null,
                  malformed,
                  malformedRow.problemAndRemedy(malformed));
        };
    UserDefinedFunction failed = udf(fail, DataTypes.BooleanType);
    Column malformed = malformed(table.mayLack(column.name()));
    return interpreted(
        ColumnNames.column(column.name()),
        held -> failed.apply(input_file_name(), held, malformed));
  }

  /**
   * One sentence that names the file and the first bad column, or why the source could not read the
   * row; for bad rows only.
   *
   * @param row a struct of all the source's columns
   */
  static Column describe(SourceTable table, List<CheckedColumn> checked, Column row) {
    boolean mayLack = checked.stream().anyMatch(column -> table.mayLack(column.name()));
    Column[] goods = checked.stream().map(CheckedColumn::good).toArray(Column[]::new);
    UserDefinedFunction sentence =
        sentence(table, checked.stream().map(CheckedColumn::badValue).toList());
    return interpreted(
        struct(
            input_file_name().as("file"),
            malformed(mayLack).as("malformed"),
            row.as("row"),
            array(goods).as("goods")),
        it ->
            sentence.apply(
                it.getField("file"),
                it.getField("malformed"),
                it.getField("row"),
                it.getField("goods")));
  }

  /**
   * A function of the file, the malformed row, the source's row and which of its columns are good.
   */
  private static UserDefinedFunction sentence(SourceTable table, List<BadValue> badValues) {
    String origin = table.source().toString();
    MalformedRow malformedRow = table.malformedRow();
    UDF4<String, String, Row, Seq<Object>, String> sentence =
        (file, malformed, row, goods) -> {
          String place = Optional.ofNullable(fileName(file)).orElse(origin) + ": ";
          if (malformed != null) {
            return place + malformedRow.problem(malformed);
          }
          int first = 0;
          while (Boolean.TRUE.equals(goods.apply(first))) {
            first++;
          }
          BadValue badValue = badValues.get(first);
          return place + badValue.problem(row.getAs(badValue.column()));
        };
    return udf(sentence, DataTypes.StringType);
  }

  private static Column malformed(boolean mayLack) {
    return mayLack ? col(MalformedRow.COLUMN) : lit(null).cast(DataTypes.StringType);
  }

  /**
   * A function of a value for which Spark generates no code, since it stands in a lambda function.
   * So the columns of a wide table, and the reports of their problems, are not compiled to one
   * method too long for the JIT compiler (8000 bytes), but to several, and this to none.
   *
   * @param function names no column that is selected beside it: in a lambda function Spark would
   *     take the selected one for the source's
   */
  private static Column interpreted(Column value, UnaryOperator<Column> function) {
    return transform(array(value), function::apply).getItem(0);
  }

  /** Spark gives the file as a URI, or nothing where the source has no files. */
  private static String fileName(String file) {
    return file.isEmpty() ? null : new Path(URI.create(file)).toString();
  }
}
