package dev.convene.data;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.transform;

import java.util.function.Supplier;
import org.apache.spark.sql.Column;

/**
 * A function of columns for which Spark generates no code, since it stands in a lambda function:
 * thousands of columns make more code than the JIT compiler takes.
 */
final class InterpretedColumn {
  private InterpretedColumn() {}

  /**
   * Interprets a function.
   *
   * @param function names no column that is selected beside it: in a lambda function Spark would
   *     take the selected one for the source's
   */
  static Column of(Supplier<Column> function) {
    return transform(array(lit(0)), any -> function.get()).getItem(0);
  }
}
