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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The columns that predict writes: the input's own and those of the model. */
final class PredictedColumns {
  private static final Logger LOG = LoggerFactory.getLogger(PredictedColumns.class);

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
   * Selects predict.columns. Where the input has a column of the model's name, the model's gets
   * another one.
   *
   * @param scored {@link DataReader#SOURCE} and the model's columns
   * @throws ConveneException if a column is not there, or is named twice
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
    return scored.select(
        columns.entrySet().stream()
            .map(column -> column.getValue().as(column.getKey()))
            .toArray(Column[]::new));
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
    predicted.keySet().retainAll(BY_DEFAULT);
    Map<String, Column> all = new LinkedHashMap<>(own);
    predicted.forEach((name, column) -> all.put(free(name, own), column));
    return all;
  }

  private static Map<String, Column> chosen(
      List<String> wanted, Map<String, Column> own, Map<String, Column> predicted) {
    Map<String, Column> chosenOwn = new LinkedHashMap<>(own);
    chosenOwn.keySet().retainAll(wanted);
    chosenOwn.keySet().removeAll(predicted.keySet());
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
      String written = predicted.containsKey(name) ? free(name, chosenOwn) : name;
      if (chosen.put(written, column) != null) {
        throw ConveneException.usage("predict.columns names %s twice", name);
      }
    }
    return chosen;
  }

  /** The name under which a column of the model is written beside the input's. */
  private static String free(String name, Map<String, Column> own) {
    String free = ColumnNames.free(name, own.keySet());
    if (!free.equals(name)) {
      LOG.warn("The input has a column {}: the model's is written as {}", name, free);
    }
    return free;
  }

  /** Vectors become arrays, which every reader understands. */
  private Column written(String parent, String name, DataType type) {
    Column column = parent == null ? ColumnNames.column(name) : col(parent).getField(name);
    boolean isVector = type.equals(SQLDataTypes.VectorType());
    Column values = isVector ? vector_to_array(column, "float64") : column;
    boolean isArray = isVector || type instanceof ArrayType;
    return asText && isArray ? to_json(values) : values;
  }
}
