package dev.convene.jobs;

import dev.convene.config.Keys;
import dev.convene.config.Setting;
import dev.convene.config.Settings;
import dev.convene.data.DataReader;
import dev.convene.data.DataSource;
import dev.convene.data.TableColumns;
import dev.convene.preprocess.Missing;
import dev.convene.preprocess.UnseenCategory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Reads what the settings {@code data.*} and {@code predict.input} name. */
final class InputReader {
  private final Settings settings;
  private final SparkSession spark;

  InputReader(Settings settings, SparkSession spark) {
    this.settings = settings;
    this.spark = spark;
  }

  List<String> labels() {
    return settings.value(Keys.DATA_LABEL);
  }

  /** Whether rows are image files in folders. */
  boolean readsImages() {
    return settings.value(Keys.DATA_FORMAT).equalsIgnoreCase(DataReader.IMAGE);
  }

  /** The columns to train on, as the user named them. */
  TableColumns columns() {
    return new TableColumns(
        labels(),
        settings.value(Keys.DATA_WEIGHT),
        settings.value(Keys.DATA_FEATURES),
        Set.copyOf(settings.value(Keys.DATA_CATEGORICAL)),
        settings.value(Keys.PREPROCESS_MISSING) != Missing.ERROR,
        settings.value(Keys.PREPROCESS_UNSEEN_CATEGORY) != UnseenCategory.ERROR);
  }

  /** The source as messages name it: {@code data.test = mnist:test}. */
  String named(Setting<List<String>> source) {
    return source + " = " + String.join(", ", settings.value(source));
  }

  /**
   * Reads one of the sources; a bad row ends the pass that meets it.
   *
   * @throws dev.convene.ConveneException (usage) if it is not set
   */
  Dataset<Row> read(Setting<List<String>> source, TableColumns columns) {
    return reader().read(dataSource(source), columns);
  }

  /** Like {@link #read}; empty if it is not set. */
  Optional<Dataset<Row>> readIfSet(Setting<List<String>> source, TableColumns columns) {
    return settings.value(source).isEmpty() ? Optional.empty() : Optional.of(read(source, columns));
  }

  /** Reads one of the sources, with what is wrong with its bad rows. */
  Dataset<Row> readMarked(Setting<List<String>> source, TableColumns columns) {
    return reader().readMarked(dataSource(source), columns);
  }

  /** What to do about a bad row. */
  String remedy(Setting<List<String>> source) {
    return DataReader.remedy(dataSource(source));
  }

  /** Where registered data sets are kept. */
  String cache() {
    return settings
        .value(Keys.DATA_CACHE)
        .orElseGet(
            () ->
                spark.sparkContext().isLocal()
                    ? Path.of(System.getProperty("user.home"), ".cache", "convene")
                        .toUri()
                        .toString()
                    : ".cache/convene");
  }

  private DataReader reader() {
    return new DataReader(spark, cache());
  }

  private DataSource dataSource(Setting<List<String>> source) {
    return new DataSource(
        settings.value(Keys.DATA_FORMAT),
        settings.required(source),
        settings.value(Keys.DATA_OPTIONS),
        settings.value(Keys.DATA_COLUMNS),
        settings.value(Keys.DATA_DERIVE));
  }
}
