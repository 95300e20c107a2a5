package dev.convene.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;

import dev.convene.ConveneException;
import dev.convene.config.Keys;
import dev.convene.config.Setting;
import dev.convene.config.Settings;
import dev.convene.data.ColumnNames;
import dev.convene.data.DataReader;
import dev.convene.data.PackedFeatures;
import dev.convene.data.RowSplit;
import dev.convene.data.TableColumns;
import java.util.List;
import java.util.Optional;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * The rows of a training, each source opened and each share set aside before the expensive work.
 *
 * @param features the features' columns
 * @param training rows to train on, and if there are validation rows those, too
 * @param isValidation the column that is true for the rows to validate on; empty: there are none
 * @param test rows for the final evaluation, if any
 * @param testName how messages name the test rows
 * @param splitsTest whether the test rows are a share of those of data.train
 * @param splitsValidation whether the validation rows are
 * @param kept rows of data.train that Spark keeps, once they are read, until this is closed
 */
record DataSplits(
    List<String> features,
    Dataset<Row> training,
    Optional<String> isValidation,
    Optional<Dataset<Row>> test,
    String testName,
    boolean splitsTest,
    boolean splitsValidation,
    Optional<Dataset<Row>> kept)
    implements AutoCloseable {
  private static final String IS_VALIDATION = "_convene_validation";

  static DataSplits read(InputReader data, Settings settings) {
    Dataset<Row> training = data.read(Keys.DATA_TRAIN, data.columns());
    List<String> features = PackedFeatures.features(training.schema());
    Optional<Dataset<Row>> kept = kept(training);
    try {
      return split(data, settings, training, features, kept);
    } catch (RuntimeException e) {
      kept.ifPresent(Dataset::unpersist);
      throw e;
    }
  }

  private static DataSplits split(
      InputReader data,
      Settings settings,
      Dataset<Row> read,
      List<String> features,
      Optional<Dataset<Row>> kept) {
    Dataset<Row> training = read;
    TableColumns same = data.columns().withFeatures(features);
    // Opened now, so that its problems are reported before the expensive work.
    Optional<Dataset<Row>> test = readLike(training, data, Keys.DATA_TEST, same);
    String testName = data.named(Keys.DATA_TEST);
    Share testShare = new Share(data, settings, RowSplit.TEST, Keys.DATA_TEST_FRACTION);
    if (testShare.isWanted()) {
      Column aside = testShare.of(training, "to test on");
      test = Optional.of(training.filter(aside));
      testName = "the test rows of " + data.named(Keys.DATA_TRAIN);
      training = training.filter(not(aside));
    }
    Share validationShare =
        new Share(data, settings, RowSplit.VALIDATION, Keys.DATA_VALIDATION_FRACTION);
    Optional<Dataset<Row>> validation = readLike(training, data, Keys.DATA_VALIDATION, same);
    String isValidation = ColumnNames.free(IS_VALIDATION, List.of(training.columns()));
    if (validationShare.isWanted()) {
      training = training.withColumn(isValidation, validationShare.of(training, "to validate on"));
    } else if (validation.isPresent()) {
      training =
          training
              .withColumn(isValidation, lit(false))
              .unionByName(validation.get().withColumn(isValidation, lit(true)));
    }
    boolean validates = validationShare.isWanted() || validation.isPresent();
    return new DataSplits(
        features,
        training,
        validates ? Optional.of(isValidation) : Optional.empty(),
        test,
        testName,
        testShare.isWanted(),
        validationShare.isWanted(),
        kept);
  }

  private static Optional<Dataset<Row>> readLike(
      Dataset<Row> training, InputReader data, Setting<List<String>> source, TableColumns columns) {
    Optional<Dataset<Row>> rows = data.readIfSet(source, columns);
    rows.ifPresent(
        other ->
            DataReader.requireSameColumns(
                training, data.named(Keys.DATA_TRAIN), other, data.named(source)));
    return rows;
  }

  /** Tables: to read a wide one takes longer than all else. Pixels and other vectors are larger. */
  private static Optional<Dataset<Row>> kept(Dataset<Row> rows) {
    boolean isTable =
        PackedFeatures.columns(rows.schema()).stream()
            .noneMatch(column -> column.dataType().equals(SQLDataTypes.VectorType()));
    return isTable ? Optional.of(rows.persist(StorageLevel.MEMORY_AND_DISK())) : Optional.empty();
  }

  @Override
  public void close() {
    kept.ifPresent(Dataset::unpersist);
  }

  /** The rows to validate on, if any. */
  private Optional<Dataset<Row>> validation() {
    return isValidation.map(mark -> training.filter(col(mark)).drop(mark));
  }

  /** The rows to train on alone, to which preprocessing is fitted. */
  Dataset<Row> withoutValidation() {
    return isValidation.map(mark -> training.filter(not(col(mark))).drop(mark)).orElse(training);
  }

  /**
   * Checks the labels of the other rows against those of the training rows.
   *
   * @throws ConveneException (data) if one is none of the training's classes
   */
  void requireKnownLabels(LabelColumn labels) {
    test.ifPresent(rows -> requireKnown(labels, rows, testName, splitsTest));
    validation()
        .ifPresent(rows -> requireKnown(labels, rows, "the validation data", splitsValidation));
  }

  private static void requireKnown(
      LabelColumn labels, Dataset<Row> rows, String name, boolean isSplit) {
    if (isSplit) {
      labels.requireKnownInSplit(rows, name);
    } else {
      labels.requireKnown(rows, name);
    }
  }

  /** A share of rows that is set aside. */
  private record Share(
      InputReader data, Settings settings, RowSplit split, Setting<Double> fraction) {

    boolean isWanted() {
      return settings.value(fraction) > 0;
    }

    /** A column that is true for the rows set aside. */
    Column of(Dataset<Row> rows, String purpose) {
      long seed = settings.value(Keys.TRAIN_SEED);
      Column aside =
          settings.value(Keys.DATA_STRATIFY)
              ? split.stratified(rows, data.labels().get(0), settings.value(fraction), seed)
              : split.of(rows, settings.value(fraction), seed);
      requireRows(rows.filter(aside), purpose, "larger");
      requireRows(rows.filter(not(aside)), "to train on", "smaller");
      return aside;
    }

    private void requireRows(Dataset<Row> part, String purpose, String remedy) {
      if (part.isEmpty()) {
        throw ConveneException.data(
            "%s = %s leaves no rows of %s %s: make it %s",
            fraction, settings.value(fraction), data.named(Keys.DATA_TRAIN), purpose, remedy);
      }
    }
  }
}
