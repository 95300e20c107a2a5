package dev.convene.data;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.shiftrightunsigned;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Sets rows aside for validation by a seeded hash of their content: about the wanted share, the
 * same rows however Spark splits the input, and equal rows on the same side.
 */
public final class ValidationSplit {
  private ValidationSplit() {}

  /**
   * A boolean column that is true for the rows set aside.
   *
   * @param fraction in [0, 1)
   */
  public static Column of(Dataset<Row> rows, double fraction, long seed) {
    List<Column> content = new ArrayList<>(List.of(lit(seed)));
    Arrays.stream(rows.columns()).map(name -> rows.col("`" + name + "`")).forEach(content::add);
    Column hash = xxhash64(content.toArray(Column[]::new));
    Column uniform = shiftrightunsigned(hash, 11).cast("double").multiply(0x1p-53);
    return uniform.lt(fraction);
  }
}
