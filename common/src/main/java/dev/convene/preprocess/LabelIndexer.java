package dev.convene.preprocess;

import dev.convene.ConveneException;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.feature.IndexToString;
import org.apache.spark.ml.feature.StringIndexerModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
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
            new RawFeatures(trainingRows),
            List.of(label),
            "is it a number, for model.task = regression?");
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
