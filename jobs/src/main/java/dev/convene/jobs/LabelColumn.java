package dev.convene.jobs;

import static org.apache.spark.ml.functions.array_to_vector;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.floor;

import dev.convene.ConveneException;
import dev.convene.config.Keys;
import dev.convene.config.Setting;
import dev.convene.config.Settings;
import dev.convene.data.ColumnNames;
import dev.convene.data.PackedFeatures;
import dev.convene.ml.LabelChecks;
import dev.convene.preprocess.LabelIndexer;
import dev.convene.preprocess.MllibModels;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.attribute.NumericAttribute;
import org.apache.spark.ml.feature.StringIndexerModel;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;

/**
 * The label's columns, and the one column of numbers (or vectors of them) that they become for the
 * network.
 *
 * @param columns one, or several for a regression of several outputs
 * @param indexer for a label of categories
 * @param classes their number; empty for a regression
 * @param target the column that the network learns and is evaluated by
 */
record LabelColumn(
    List<String> columns,
    Optional<StringIndexerModel> indexer,
    OptionalInt classes,
    String target) {
  private static final String SEVERAL = "labels";
  private static final String RENAMED = "label";

  /**
   * The labels that the settings name, their classes those of the training rows: one pass over
   * these, none for a regression.
   *
   * @throws ConveneException (data) if there are not at least two classes, or if labels that are no
   *     categories are no class indices
   */
  static LabelColumn fit(Settings settings, InputReader data, Dataset<Row> training) {
    List<String> columns = data.labels();
    List<String> others =
        PackedFeatures.columns(training.schema()).stream().map(StructField::name).toList();
    String label = columns.get(0);
    if (data.columns().categorical().contains(label)) {
      StringIndexerModel indexer = LabelIndexer.fit(training, label);
      List<String> names = LabelIndexer.names(indexer);
      if (names.size() == 1) {
        throw ConveneException.data(
            "label %s of %s is '%s' in every training row: classification needs two classes%s",
            label, data.named(Keys.DATA_TRAIN), names.get(0), data.oneClassHint());
      }
      return of(columns, Optional.of(indexer), OptionalInt.of(names.size()), others);
    }
    return of(
        columns,
        Optional.empty(),
        settings.value(Keys.MODEL_TASK).equals("classification")
            ? OptionalInt.of(LabelChecks.countClasses(training, label, data.named(Keys.DATA_TRAIN)))
            : OptionalInt.empty(),
        others);
  }

  /**
   * Labels whose target has a name of its own.
   *
   * @param others the names of all columns of the rows
   */
  static LabelColumn of(
      List<String> columns,
      Optional<StringIndexerModel> indexer,
      OptionalInt classes,
      Collection<String> others) {
    String target =
        columns.size() == 1 && MllibModels.canRead(columns.get(0))
            ? columns.get(0)
            : ColumnNames.free(columns.size() == 1 ? RENAMED : SEVERAL, others);
    return new LabelColumn(
        columns, indexer, classes, indexer.map(StringIndexerModel::getOutputCol).orElse(target));
  }

  /** The rows with {@link #target} added; its metadata declare the classes. */
  Dataset<Row> prepared(Dataset<Row> rows) {
    Column first = ColumnNames.column(columns.get(0));
    if (indexer.isPresent()) {
      // MLlib's own metadata count the slot of unknown labels as a class.
      return withTarget(
          rows,
          LabelIndexer.indices(indexer.get(), first),
          NominalAttribute.defaultAttr().withValues(names().toArray(String[]::new)).toMetadata());
    }
    if (classes.isPresent()) {
      return withTarget(
          rows,
          first,
          NominalAttribute.defaultAttr().withNumValues(classes.getAsInt()).toMetadata());
    }
    if (columns.size() == 1) {
      return withTarget(rows, first, rows.schema().apply(columns.get(0)).metadata());
    }
    Column[] each = columns.stream().map(ColumnNames::column).toArray(Column[]::new);
    return withTarget(rows, array_to_vector(array(each)), named());
  }

  /** The metadata that give several labels their names. */
  private Metadata named() {
    Attribute[] names =
        columns.stream()
            .map(name -> NumericAttribute.defaultAttr().withName(name))
            .toArray(Attribute[]::new);
    return new AttributeGroup(target(), names).toMetadata();
  }

  private Dataset<Row> withTarget(Dataset<Row> rows, Column values, Metadata metadata) {
    return rows.withColumn(target(), values.as(target(), metadata));
  }

  /** The names of classes or of several outputs, in their order; empty if they have none. */
  List<String> names() {
    return indexer.map(LabelIndexer::names).orElse(columns.size() == 1 ? List.of() : columns);
  }

  /** The names of classes or outputs for people; empty for classes that are numbers. */
  List<String> shownNames() {
    return classes.isPresent() ? names() : columns;
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
      LabelChecks.requireWithin(rows, columns.get(0), classes.getAsInt(), rowsName);
    }
  }

  /** {@link #requireKnown} of rows that a split set aside: a message says how to split better. */
  void requireKnownInSplit(Dataset<Row> rows, String rowsName) {
    try {
      requireKnown(rows, rowsName);
    } catch (ConveneException e) {
      if (!hasUnknownClass(rows)) {
        throw e;
      }
      throw new ConveneException(
          e.status(),
          e.getMessage()
              + "; the split left no training row of this class: set data.stratify = true, which"
              + " leaves every class one",
          e);
    }
  }

  /** Whether the split is to blame: a label may also be no class index at all. */
  private boolean hasUnknownClass(Dataset<Row> rows) {
    Column label = ColumnNames.column(columns.get(0));
    return indexer.isPresent()
        || !rows.filter(label.geq(classes.orElseThrow()).and(label.equalTo(floor(label))))
            .isEmpty();
  }

  private void requireIndexed(Dataset<Row> rows, String rowsName) {
    List<Row> unknown =
        prepared(rows)
            .filter(col(target()).equalTo(names().size()))
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
