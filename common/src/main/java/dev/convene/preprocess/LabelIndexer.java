package dev.convene.preprocess;

import static org.apache.spark.sql.functions.udf;

import dev.convene.ConveneException;
import dev.convene.data.ColumnNames;
import dev.convene.data.PackedFeatures;
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
import org.apache.spark.sql.types.StructField;

/** Labels by name as class indices 0, 1, ... in ascending order, and back. */
public final class LabelIndexer {
  /** The column of class indices, unless the rows have one of that name. */
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
    List<String> columns =
        PackedFeatures.columns(trainingRows.schema()).stream().map(StructField::name).toList();
    return new StringIndexerModel(names)
        // In quotes it is the name of no column: the stage passes over the label.
        .setInputCol(MllibModels.canRead(label) ? label : ColumnNames.quoted(label))
        .setOutputCol(ColumnNames.free(INDEXED, columns))
        .setHandleInvalid("keep");
  }

  /**
   * The class indices that the stage gives, of labels in a column of any name; of a class in
   * another spelling of its number, too.
   */
  public static Column indices(StringIndexerModel index, Column label) {
    Map<String, Integer> indices = CategorySpelling.indices(index.labelsArray()[0]);
    int unseen = names(index).size();
    UDF1<String, Double> indexOf =
        name -> {
          Integer known = name == null ? null : CategorySpelling.index(indices, name);
          return (double) (known == null ? unseen : known);
        };
    return udf(indexOf, DataTypes.DoubleType).apply(label.cast(DataTypes.StringType));
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
