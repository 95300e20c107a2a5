package dev.convene.ml;

import dev.convene.ConveneException;
import java.util.Arrays;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;

/**
 * Checks that a schema has the columns to train on. Each method throws a {@link ConveneException}
 * (data) that names the column, what it is and what it should be.
 */
final class ColumnChecks {
  private final StructType schema;

  ColumnChecks(StructType schema) {
    this.schema = schema;
  }

  /** Those that all Estimators need but for the label. */
  void requireFor(NeuralNetworkParams params, String featuresCol) {
    requireFeatures(featuresCol, "featuresCol");
    params
        .weightColumn()
        .ifPresent(
            weightCol ->
                require(
                    weightCol,
                    "weightCol",
                    type(weightCol, "weightCol") instanceof NumericType,
                    "weights are numbers"));
    if (params.isSet(params.validationIndicatorCol())) {
      String column = params.getValidationIndicatorCol();
      require(
          column,
          "validationIndicatorCol",
          type(column, "validationIndicatorCol") instanceof BooleanType,
          "it has to be boolean, true for rows to validate on");
    }
  }

  void requireClassLabel(String labelCol) {
    require(
        labelCol,
        "labelCol",
        type(labelCol, "labelCol") instanceof NumericType,
        "class labels are numbers 0, 1, ..., K - 1, as StringIndexer makes them");
  }

  void requireTarget(String labelCol) {
    require(
        labelCol,
        "labelCol",
        type(labelCol, "labelCol") instanceof NumericType || isVector(labelCol),
        "targets are numbers, or vectors of them for several outputs");
  }

  boolean isVector(String column) {
    return schema.getFieldIndex(column).isDefined()
        && schema.apply(column).dataType() instanceof VectorUDT;
  }

  private void requireFeatures(String column, String param) {
    require(
        column,
        param,
        FeatureVectors.areOf(type(column, param)),
        "features are one vector, as VectorAssembler makes it");
  }

  private void require(String column, String param, boolean fits, String expected) {
    if (!fits) {
      throw ConveneException.data(
          "column %s (%s) is of type %s: %s",
          column, param, type(column, param).simpleString(), expected);
    }
  }

  private DataType type(String column, String param) {
    if (schema.getFieldIndex(column).isEmpty()) {
      throw ConveneException.data(
          "there is no column %s (%s): the columns are %s",
          column, param, Arrays.toString(schema.fieldNames()));
    }
    return schema.apply(column).dataType();
  }
}
