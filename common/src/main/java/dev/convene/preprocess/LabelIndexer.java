package dev.convene.preprocess;

import static org.apache.spark.sql.functions.udf;

import dev.convene.ConveneException;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.ml.feature.IndexToString;
import org.apache.spark.ml.feature.StringIndexerModel;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;

/** Labels by name as class indices 0, 1, ... in ascending order, and back. */
public final class LabelIndexer {
  /** The column of class indices. */
  public static final String INDEXED = "indexedLabel";

  /** The column of predicted names. */
  public static final String PREDICTED = "predictedLabel";

  private LabelIndexer() {}

  /**
   * Indexes the labels of training rows: text by code point, numbers by size. An unseen or missing
   * label gets the index after the last (and MLlib's metadata of the column then name one class
   * more, {@code __unknown}); rows without the label's column pass.
   *
   * @param label a column of text or numbers
   * @throws ConveneException if there are no rows, or some without a label
   */
  public static StringIndexerModel fit(Dataset<Row> trainingRows, String label) {
    CategoryCounts counts =
        CategoryCounts.of(
            trainingRows, List.of(label), "is it a number, for model.task = regression?");
    if (counts.missing(0) > 0) {
      throw ConveneException.data(
          "the label %s is missing in %d of %d training rows: clean these rows",
          label, counts.missing(0), counts.rows());
    }
    String[] names = counts.categories(0, 1);
    if (trainingRows.schema().apply(label).dataType() instanceof NumericType) {
      names = Stream.of(names).sorted(Comparator.comparing(BigDecimal::new)).toArray(String[]::new);
    }
    return new StringIndexerModel(names)
        .setInputCol(label)
        .setOutputCol(INDEXED)
        .setHandleInvalid("keep");
  }

  /** The label as the index names it, where it is a class in another spelling of its number. */
  public static Column spelled(StringIndexerModel index, Column label) {
    List<String> names = names(index);
    Map<String, Integer> indices = CategorySpelling.indices(index.labelsArray()[0]);
    UDF1<String, String> spelled =
        text -> {
          Integer known = text == null ? null : CategorySpelling.index(indices, text);
          return known == null ? text : names.get(known);
        };
    return udf(spelled, DataTypes.StringType).apply(label.cast(DataTypes.StringType));
  }

  /** The names of the classes by index. */
  public static List<String> names(StringIndexerModel index) {
    return List.of(index.labelsArray()[0]);
  }

  /** The stage that names predicted classes, in the column {@link #PREDICTED}. */
  public static IndexToString toNames(StringIndexerModel index, String predictionColumn) {
    return new IndexToString()
        .setInputCol(predictionColumn)
        .setOutputCol(PREDICTED)
        .setLabels(index.labelsArray()[0]);
  }
}
