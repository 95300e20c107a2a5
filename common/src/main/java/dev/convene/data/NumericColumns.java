package dev.convene.data;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.input_file_name;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import dev.convene.ConveneException;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.api.java.UDF3;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;

/**
 * A table's columns as finite numbers. Each is an expression that is evaluated with the pass that
 * uses it, and fails there, naming file, column and value, when it meets anything else.
 */
final class NumericColumns {
  private final StructType schema;
  private final DataSource source;

  NumericColumns(StructType schema, DataSource source) {
    this.schema = schema;
    this.source = source;
  }

  /** The label as double. */
  Column label(String name) {
    if (isVector(typeOf(name))) {
      throw ConveneException.data("column %s of %s is a vector, not a label", name, source);
    }
    Column number = number(name, typeOf(name), "correct the row or leave it out");
    if (!Arrays.asList(schema.fieldNames()).contains(CsvText.MALFORMED)) {
      return number.alias(name);
    }
    Column malformed = col(CsvText.MALFORMED);
    int fields = schema.size() - 1;
    Column failure = malformedRow(fields).apply(malformed, input_file_name());
    return when(malformed.isNotNull(), failure).otherwise(number).alias(name);
  }

  /** A feature: double, or the vector as it is. */
  Column feature(String name) {
    DataType type = typeOf(name);
    if (!isVector(type)) {
      return number(name, type, "correct the row, or leave the column out of data.features")
          .alias(name);
    }
    // Pixels are bytes: there is nothing to check.
    return source.isFormat(DataReader.IDX)
        ? col(quoted(name))
        : checkedVector(name).apply(col(quoted(name)), input_file_name()).alias(name);
  }

  private DataType typeOf(String name) {
    List<String> names =
        Arrays.stream(schema.fieldNames())
            .filter(column -> !column.equals(CsvText.MALFORMED))
            .toList();
    if (!names.contains(name)) {
      throw ConveneException.data(
          "%s has no column %s; it has %s%s",
          source,
          name,
          String.join(", ", names),
          source.isFormat(DataReader.CSV) && names.contains("_c0")
              ? " (if its first line names the columns, set the option header = true)"
              : "");
    }
    return schema.apply(name).dataType();
  }

  /** The column as finite doubles; the remedy is what a message advises. */
  private Column number(String name, DataType type, String remedy) {
    boolean text = source.isFormat(DataReader.CSV) && type.equals(DataTypes.StringType);
    if (!text && !(type instanceof NumericType) && !type.equals(DataTypes.BooleanType)) {
      throw ConveneException.data(
          "column %s of %s is of type %s, not numeric: leave it out of data.features",
          name, source, type.simpleString());
    }
    Column value = col(quoted(name));
    Column number = expr("try_cast(" + quoted(name) + " as double)");
    // In Spark's order NaN is above infinity.
    Column unusable = number.isNull().or(abs(number).geq(lit(Double.POSITIVE_INFINITY)));
    if (text) {
      // As in Java's source code, Spark takes 1d and 1f for numbers.
      for (String suffix : List.of("d", "D", "f", "F")) {
        unusable = unusable.or(value.endsWith(suffix));
      }
    }
    Column failure =
        badValue(remedy).apply(lit(name), value.cast(DataTypes.StringType), input_file_name());
    return when(unusable, failure).otherwise(number);
  }

  private static boolean isVector(DataType type) {
    return type.equals(SQLDataTypes.VectorType());
  }

  private static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  private UserDefinedFunction badValue(String remedy) {
    String origin = source.toString();
    UDF3<String, String, String, Double> fail =
        (column, value, file) -> {
          throw ConveneException.data(
              "%s: column %s holds %s, not a finite number: %s",
              fileName(file, origin),
              column,
              value == null ? "no value" : "'" + value + "'",
              remedy);
        };
    return functions.udf(fail, DataTypes.DoubleType);
  }

  private UserDefinedFunction malformedRow(int columns) {
    String origin = source.toString();
    UDF2<String, String, Double> fail =
        (row, file) -> {
          throw ConveneException.data(
              "%s: a row does not have %d fields as the first one does: %s",
              fileName(file, origin), columns, row);
        };
    return functions.udf(fail, DataTypes.DoubleType);
  }

  private UserDefinedFunction checkedVector(String column) {
    String origin = source.toString();
    UDF2<Vector, String, Vector> check =
        (vector, file) -> {
          if (vector == null) {
            throw ConveneException.data(
                "%s: column %s holds no value, not a vector", fileName(file, origin), column);
          }
          double[] stored =
              vector instanceof DenseVector dense
                  ? dense.values()
                  : ((SparseVector) vector).values();
          for (double value : stored) {
            if (!Double.isFinite(value)) {
              throw ConveneException.data(
                  "%s: column %s holds a vector with %s in it, not a finite number",
                  fileName(file, origin), column, value);
            }
          }
          return vector;
        };
    return functions.udf(check, SQLDataTypes.VectorType());
  }

  /** Spark gives the file as a URI, or nothing where the source has no files. */
  private static String fileName(String file, String otherwise) {
    return file.isEmpty() ? otherwise : new Path(URI.create(file)).toString();
  }
}
