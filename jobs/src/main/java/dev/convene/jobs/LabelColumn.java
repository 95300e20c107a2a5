package dev.convene.jobs;

import static org.apache.spark.ml.functions.array_to_vector;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;

import dev.convene.ConveneException;
import dev.convene.config.Keys;
import dev.convene.config.Setting;
import dev.convene.preprocess.LabelIndexer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.feature.StringIndexerModel;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.Metadata;

/**
 * The label's columns, and the one column of numbers (or vectors of them) that they become for the
 * network.
 *
 * @param columns one, or several for a regression of several outputs
 * @param indexer for a label of categories
 */
record LabelColumn(List<String> columns, Optional<StringIndexerModel> indexer) {
  private static final String SEVERAL = "_convene_labels";

  /** The labels that the settings name, their categories those of the training rows. */
  static LabelColumn fit(InputReader data, Dataset<Row> training) {
    List<String> columns = data.labels();
    if (!data.columns().categorical().contains(columns.get(0))) {
      return new LabelColumn(columns, Optional.empty());
    }
    LabelColumn labels =
        new LabelColumn(columns, Optional.of(LabelIndexer.fit(training, columns.get(0))));
    if (labels.names().size() == 1) {
      throw ConveneException.data(
          "label %s of %s is '%s' in every training row: classification needs two classes%s",
          columns.get(0),
          data.named(Keys.DATA_TRAIN),
          labels.names().get(0),
          data.oneClassHint());
    }
    return labels;
  }

  /** The column that the network learns and is evaluated by. */
  String target() {
    return indexer.isPresent()
        ? LabelIndexer.INDEXED
        : columns.size() == 1 ? columns.get(0) : SEVERAL;
  }

  /** The rows with {@link #target} added. */
  Dataset<Row> prepared(Dataset<Row> rows) {
    if (indexer.isPresent()) {
      // MLlib's own metadata count the slot of unknown labels as a class.
      Metadata classes =
          NominalAttribute.defaultAttr().withValues(names().toArray(String[]::new)).toMetadata();
      return indexer
          .get()
          .transform(rows)
          .withColumn(
              LabelIndexer.INDEXED, col(LabelIndexer.INDEXED).as(LabelIndexer.INDEXED, classes));
    }
    if (columns.size() == 1) {
      return rows;
    }
    Column[] each = columns.stream().map(LabelColumn::column).toArray(Column[]::new);
    return rows.withColumn(SEVERAL, array_to_vector(array(each)));
  }

  /** The names of classes or of several outputs, in their order; empty if they have none. */
  List<String> names() {
    return indexer.map(LabelIndexer::names).orElse(columns.size() == 1 ? List.of() : columns);
  }

  /**
   * Checks rows of another source.
   *
   * @param what the rows, as a message names them
   * @throws ConveneException if a row's category is none of the training's
   */
  void requireKnown(Dataset<Row> rows, String what) {
    if (indexer.isEmpty()) {
      return;
    }
    String label = columns.get(0);
    List<Row> unknown =
        prepared(rows)
            .filter(col(LabelIndexer.INDEXED).equalTo(names().size()))
            .select(column(label))
            .takeAsList(1);
    if (!unknown.isEmpty()) {
      throw ConveneException.data(
          "label '%s' in %s is none of the training's: %s",
          unknown.get(0).get(0), what, String.join(", ", names()));
    }
  }

  /**
   * What a setting tells of classes by their labels, by class index.
   *
   * @param byLabel 1 for a class that is not there
   * @param classes the number of classes
   * @throws ConveneException if a label is no class
   */
  double[] byClass(Map<String, Double> byLabel, int classes, Setting<?> setting) {
    List<String> known =
        indexer.isPresent()
            ? names()
            : IntStream.range(0, classes).mapToObj(Integer::toString).toList();
    double[] values = new double[classes];
    Arrays.fill(values, 1);
    byLabel.forEach(
        (label, value) -> {
          if (!known.contains(label)) {
            throw ConveneException.usage(
                "%s names '%s', which is no class; the classes are %s",
                setting, label, String.join(", ", known));
          }
          values[known.indexOf(label)] = value;
        });
    return values;
  }

  static Column column(String name) {
    return col("`" + name.replace("`", "``") + "`");
  }
}
