package dev.convene.jobs;

import static org.apache.spark.ml.functions.array_to_vector;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;

import dev.convene.ConveneException;
import dev.convene.config.Keys;
import dev.convene.config.Setting;
import dev.convene.config.Settings;
import dev.convene.data.ColumnNames;
import dev.convene.ml.LabelChecks;
import dev.convene.preprocess.LabelIndexer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.feature.StringIndexerModel;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The label's columns, and the one column of numbers (or vectors of them) that they become for the
 * network.
 *
 * @param columns one, or several for a regression of several outputs
 * @param indexer for a label of categories
 * @param classes their number; empty for a regression
 */
record LabelColumn(
    List<String> columns, Optional<StringIndexerModel> indexer, OptionalInt classes) {
  private static final String SEVERAL = "_convene_labels";

  /**
   * The labels that the settings name, their classes those of the training rows: one pass over
   * these, none for a regression.
   *
   * @throws ConveneException (data) if there are not at least two classes, or if labels that are no
   *     categories are no class indices
   */
  static LabelColumn fit(Settings settings, InputReader data, Dataset<Row> training) {
    List<String> columns = data.labels();
    String label = columns.get(0);
    if (data.columns().categorical().contains(label)) {
      StringIndexerModel indexer = LabelIndexer.fit(training, label);
      List<String> names = LabelIndexer.names(indexer);
      if (names.size() == 1) {
        throw ConveneException.data(
            "label %s of %s is '%s' in every training row: classification needs two classes%s",
            label, data.named(Keys.DATA_TRAIN), names.get(0), data.oneClassHint());
      }
      return new LabelColumn(columns, Optional.of(indexer), OptionalInt.of(names.size()));
    }
    return new LabelColumn(
        columns,
        Optional.empty(),
        settings.value(Keys.MODEL_TASK).equals("classification")
            ? OptionalInt.of(LabelChecks.countClasses(training, label, data.named(Keys.DATA_TRAIN)))
            : OptionalInt.empty());
  }

  /** The column that the network learns and is evaluated by. */
  String target() {
    return indexer.isPresent()
        ? LabelIndexer.INDEXED
        : columns.size() == 1 ? columns.get(0) : SEVERAL;
  }

  /** The rows with {@link #target} added; its metadata declare the classes. */
  Dataset<Row> prepared(Dataset<Row> rows) {
    if (indexer.isPresent()) {
      // MLlib's own metadata count the slot of unknown labels as a class.
      return declared(
          indexer
              .get()
              .transform(
                  rows.withColumn(
                      label(), LabelIndexer.spelled(indexer.get(), ColumnNames.column(label())))),
          NominalAttribute.defaultAttr().withValues(names().toArray(String[]::new)));
    }
    if (classes.isPresent()) {
      return declared(rows, NominalAttribute.defaultAttr().withNumValues(classes.getAsInt()));
    }
    if (columns.size() == 1) {
      return rows;
    }
    Column[] each = columns.stream().map(ColumnNames::column).toArray(Column[]::new);
    return rows.withColumn(SEVERAL, array_to_vector(array(each)));
  }

  /** The only one, of a classification. */
  private String label() {
    return columns.get(0);
  }

  private Dataset<Row> declared(Dataset<Row> rows, NominalAttribute attribute) {
    return rows.withColumn(
        target(), ColumnNames.column(target()).as(target(), attribute.toMetadata()));
  }

  /** The names of classes or of several outputs, in their order; empty if they have none. */
  List<String> names() {
    return indexer.map(LabelIndexer::names).orElse(columns.size() == 1 ? List.of() : columns);
  }

  /**
   * Checks rows of another source, by one pass; none for a regression.
   *
   * @param rowsName how a message names the rows
   * @throws ConveneException (data) if a row's label is none of the training's classes
   */
  void requireKnown(Dataset<Row> rows, String rowsName) {
    if (indexer.isPresent()) {
      requireIndexed(rows, rowsName);
    } else if (classes.isPresent()) {
      LabelChecks.requireWithin(rows, target(), classes.getAsInt(), rowsName);
    }
  }

  private void requireIndexed(Dataset<Row> rows, String rowsName) {
    List<Row> unknown =
        prepared(rows)
            .filter(col(LabelIndexer.INDEXED).equalTo(names().size()))
            .select(ColumnNames.column(columns.get(0)))
            .takeAsList(1);
    if (!unknown.isEmpty()) {
      throw ConveneException.data(
          "label '%s' in %s is none of the training's: %s",
          unknown.get(0).get(0), rowsName, String.join(", ", names()));
    }
  }

  /**
   * The numbers that a setting gives by label, in the order of the classes.
   *
   * @param byLabel 1 for a class that is not there
   * @throws ConveneException (usage) if a label is no class
   */
  double[] byClass(Map<String, Double> byLabel, Setting<?> setting) {
    List<String> known =
        indexer.isPresent()
            ? names()
            : IntStream.range(0, classes.orElseThrow()).mapToObj(Integer::toString).toList();
    double[] values = new double[known.size()];
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
}
