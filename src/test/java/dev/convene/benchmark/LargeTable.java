package dev.convene.benchmark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log;
import static org.apache.spark.sql.functions.shiftrightunsigned;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;

/**
 * Writes a table with a label to predict as Parquet: 20 numeric columns, 5 of them with missing
 * values, and 10 of categories, 3 to 60 each. Every value is a function of the row's number.
 */
final class LargeTable {
  private static final int NUMBERS = 20;
  private static final int WITH_MISSING = 5;
  private static final double[] POWERS = {1, 10, 100, 1000};
  private static final int[] CATEGORIES = {3, 4, 5, 7, 10, 15, 20, 30, 40, 60};

  private LargeTable() {}

  /**
   * Writes it.
   *
   * @param arguments a path and the number of rows
   */
  public static void main(String[] arguments) {
    SparkSession spark = SparkSession.builder().master("local[2]").getOrCreate();
    spark
        .range(0, Long.parseLong(arguments[1]), 1, 16)
        .select(columns().toArray(Column[]::new))
        .write()
        .parquet(arguments[0]);
    spark.stop();
  }

  private static List<Column> columns() {
    List<Column> columns = new ArrayList<>();
    Column score = lit(0.0);
    for (int i = 0; i < NUMBERS; i++) {
      // Between symmetric and skewed, of very different sizes.
      Column number =
          i % 2 == 0
              ? uniform(i).minus(0.5).multiply(POWERS[i / 5])
              : log(uniform(i).plus(1e-9)).multiply(-POWERS[i / 7]);
      score = score.plus(uniform(i).minus(0.5).multiply(i % 3 - 1));
      Column isMissing = uniform(100 + i).lt(i < WITH_MISSING ? 0.02 : 0.0);
      columns.add(when(isMissing, lit(null).cast("double")).otherwise(number).as("number" + i));
    }
    for (int i = 0; i < CATEGORIES.length; i++) {
      // The first are frequent, the last rare.
      Column category =
          floor(uniform(200 + i).multiply(uniform(300 + i)).multiply(CATEGORIES[i])).cast("int");
      score = score.plus(category.mod(3).minus(1).multiply(0.3));
      columns.add(concat(lit("value "), category).as("category" + i));
    }
    columns.add(when(score.plus(uniform(400)).gt(0.5), "yes").otherwise("no").as("label"));
    return columns;
  }

  /** A number in [0, 1) that the row and the stream decide. */
  private static Column uniform(int stream) {
    return shiftrightunsigned(xxhash64(col("id"), lit(stream)), 11)
        .cast("double")
        .multiply(0x1p-53);
  }
}
