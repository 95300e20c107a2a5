package dev.convene.jobs;

import static org.apache.spark.ml.functions.vector_to_array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.to_json;

import dev.convene.ConveneException;
import dev.convene.config.Keys;
import dev.convene.config.Settings;
import dev.convene.data.ColumnNames;
import dev.convene.data.DataReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The columns that predict writes: the input's own and those of the model. */
final class PredictedColumns {
  /** The model's, in the order in which they are written unasked. */
  private static final List<String> BY_DEFAULT =
      List.of("prediction", "predictedLabel", "probability");

  private static final List<String> ALL =
      List.of("prediction", "predictedLabel", "probability", "rawPrediction");

  private final StructType schema;
  private final boolean asText;

  /**
   * @param asText arrays, which csv cannot hold, are written as JSON
   */
  private PredictedColumns(StructType schema, boolean asText) {
    this.schema = schema;
    this.asText = asText;
  }

  /**
   * Selects predict.columns.
   *
   * @param scored {@link DataReader#SOURCE} and the model's columns
   * @throws ConveneException if a column is not there, or is there twice
   */
  static Dataset<Row> of(Dataset<Row> scored, Settings settings) {
    boolean asText = settings.value(Keys.PREDICT_FORMAT).equalsIgnoreCase("csv");
    Map<String, Column> columns =
        new PredictedColumns(scored.schema(), asText).select(settings.value(Keys.PREDICT_COLUMNS));
    for (String name : settings.value(Keys.PREDICT_PARTITION_BY)) {
      if (!columns.containsKey(name)) {
        throw ConveneException.usage(
            "predict.partition-by names %s, which is not written; the columns are %s",
            name, String.join(", ", columns.keySet()));
      }
    }
    return scored.select(columns.values().toArray(Column[]::new));
  }

  private Map<String, Column> select(List<String> wanted) {
    StructType source = (StructType) schema.apply(DataReader.SOURCE).dataType();
    Map<String, Column> own = new LinkedHashMap<>();
    for (StructField field : source.fields()) {
      own.put(field.name(), written(DataReader.SOURCE, field.name(), field.dataType()));
    }
    Map<String, Column> predicted = new LinkedHashMap<>();
    for (String name : ALL) {
      if (Arrays.asList(schema.fieldNames()).contains(name)) {
        predicted.put(name, written(null, name, schema.apply(name).dataType()));
      }
    }
    if (!wanted.isEmpty()) {
      return chosen(wanted, own, predicted);
    }
    Map<String, Column> all = new LinkedHashMap<>(own);
    for (String name : BY_DEFAULT) {
      if (predicted.containsKey(name) && all.put(name, predicted.get(name)) != null) {
        throw ConveneException.data(
            "the input has a column %s, as the predictions do: name the columns to write in"
                + " predict.columns, or give it another name by data.derive",
            name);
      }
    }
    return all;
  }

  private static Map<String, Column> chosen(
      List<String> wanted, Map<String, Column> own, Map<String, Column> predicted) {
    Map<String, Column> chosen = new LinkedHashMap<>();
    for (String name : wanted) {
      Column column = predicted.getOrDefault(name, own.get(name));
      if (column == null) {
        List<String> known = new ArrayList<>(own.keySet());
        known.addAll(predicted.keySet());
        throw ConveneException.usage(
            "predict.columns names %s, which is no column; there are %s",
            name, String.join(", ", known));
      }
      if (chosen.put(name, column) != null) {
        throw ConveneException.usage("predict.columns names %s twice", name);
      }
    }
    return chosen;
  }

  /** Vectors become arrays, which every reader understands. */
  private Column written(String parent, String name, DataType type) {
    Column column = parent == null ? ColumnNames.column(name) : col(parent).getField(name);
    boolean isVector = type.equals(SQLDataTypes.VectorType());
    Column values = isVector ? vector_to_array(column, "float64") : column;
    boolean isArray = isVector || type instanceof ArrayType;
    return (asText && isArray ? to_json(values) : values).as(name);
  }
}
