package dev.convene.ml;

import static org.apache.spark.ml.functions.array_to_vector;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import dev.convene.data.ColumnNames;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A column of features as users have it: vectors, those of the older spark.mllib, or arrays of
 * numbers.
 */
final class FeatureVectors {
  private static final DataType VECTOR = SQLDataTypes.VectorType();
  private static final DataType VECTOR_OF_MLLIB = new org.apache.spark.mllib.linalg.VectorUDT();

  private FeatureVectors() {}

  /** Whether a column of this type is one of features. */
  static boolean areOf(DataType type) {
    return type.equals(VECTOR) || type.equals(VECTOR_OF_MLLIB) || isArray(type);
  }

  private static boolean isArray(DataType type) {
    return type instanceof ArrayType array && array.elementType() instanceof NumericType;
  }

  /** The features as vectors; null where they are null, NaN for a number that is. */
  static Column of(StructField features) {
    Column column = ColumnNames.column(features.name());
    if (features.dataType() instanceof ArrayType array) {
      Column numbers = column.cast(DataTypes.createArrayType(DataTypes.DoubleType));
      Column present =
          array.containsNull()
              ? transform(numbers, number -> coalesce(number, lit(Double.NaN)))
              : numbers;
      return when(column.isNotNull(), array_to_vector(present));
    }
    if (features.dataType().equals(VECTOR_OF_MLLIB)) {
      UDF1<org.apache.spark.mllib.linalg.Vector, Vector> asMl =
          vector -> vector == null ? null : vector.asML();
      return udf(asMl, VECTOR).apply(column);
    }
    return column;
  }

  /**
   * The schema that a stage of MLlib's, which knows vectors alone, makes of this one.
   *
   * @param mllib appends columns
   */
  static StructType schema(StructType schema, String featuresCol, UnaryOperator<StructType> mllib) {
    StructType vectors =
        new StructType(
            Arrays.stream(schema.fields())
                .map(field -> field.name().equals(featuresCol) ? asVector(field) : field)
                .toArray(StructField[]::new));
    StructType transformed = schema;
    StructField[] fields = mllib.apply(vectors).fields();
    for (int added = schema.size(); added < fields.length; added++) {
      transformed = transformed.add(fields[added]);
    }
    return transformed;
  }

  private static StructField asVector(StructField field) {
    return areOf(field.dataType())
        ? new StructField(field.name(), VECTOR, field.nullable(), field.metadata())
        : field;
  }
}
