package dev.convene.jobs;

import dev.convene.config.Keys;
import dev.convene.config.Setting;
import dev.convene.config.Settings;
import dev.convene.data.DataReader;
import dev.convene.data.DataSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Reads what the settings {@code data.*} name. */
final class DataSettings {
  private final Settings settings;

  DataSettings(Settings settings) {
    this.settings = settings;
  }

  String label() {
    return settings.value(Keys.DATA_LABEL).get(0);
  }

  /** The features' columns as the user named them; empty: every column but the label. */
  List<String> features() {
    return settings.value(Keys.DATA_FEATURES);
  }

  /** The source as messages name it: {@code data.test = mnist:test}. */
  String named(Setting<List<String>> source) {
    return source + " = " + String.join(", ", settings.value(source));
  }

  /**
   * Reads one of data.train, data.test and data.validation.
   *
   * @param features the features' columns; empty: every column but the label
   * @throws dev.convene.ConveneException (usage) if it is not set
   */
  Dataset<Row> read(SparkSession spark, Setting<List<String>> source, List<String> features) {
    DataSource rows =
        new DataSource(
            settings.value(Keys.DATA_FORMAT),
            settings.required(source),
            settings.value(Keys.DATA_OPTIONS));
    return new DataReader(spark, cache(spark)).read(rows, label(), features);
  }

  /** Like {@link #read}; empty if it is not set. */
  Optional<Dataset<Row>> readIfSet(
      SparkSession spark, Setting<List<String>> source, List<String> features) {
    return settings.value(source).isEmpty()
        ? Optional.empty()
        : Optional.of(read(spark, source, features));
  }

  /** Where registered data sets are kept. */
  String cache(SparkSession spark) {
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
}
