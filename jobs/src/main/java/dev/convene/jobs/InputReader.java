package dev.convene.jobs;

import dev.convene.ConveneException;
import dev.convene.config.Keys;
import dev.convene.config.Setting;
import dev.convene.config.Settings;
import dev.convene.data.BadRowLocator;
import dev.convene.data.DataReader;
import dev.convene.data.DataSource;
import dev.convene.data.TableColumns;
import dev.convene.data.fetch.RegisteredSplit;
import dev.convene.preprocess.Missing;
import dev.convene.preprocess.UnseenCategory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Reads the sources that the settings {@code data.*} and {@code predict.input} name. */
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

  /** The end of a message about training rows of one class: where classes come from. */
  String oneClassHint() {
    return DataReader.oneClassHint(dataSource(Keys.DATA_TRAIN));
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

  /** Whether one of the sources has the labels' columns. */
  boolean hasLabels(Setting<List<String>> source) {
    return reader().hasColumns(dataSource(source), labels());
  }

  /** Reads one of the sources, its bad rows marked with their problem. */
  Dataset<Row> readMarked(Setting<List<String>> source, TableColumns columns) {
    return reader().readMarked(dataSource(source), columns);
  }

  /** Adds the paths that reading one of the sources reads. */
  void addPlaces(Setting<List<String>> source, JobPlaces places) throws IOException {
    if (!settings.value(source).isEmpty()) {
      for (String path : reader().paths(dataSource(source))) {
        places.reads(source, path);
      }
    }
  }

  /** The failure to report for a pass over the sources ({@link BadRowLocator}). */
  Exception locate(Exception failure) {
    List<DataSource> sources =
        Stream.of(Keys.DATA_TRAIN, Keys.DATA_VALIDATION, Keys.DATA_TEST, Keys.PREDICT_INPUT)
            .filter(source -> !settings.value(source).isEmpty())
            .map(this::dataSource)
            .toList();
    return BadRowLocator.locate(spark, cache(), sources, failure);
  }

  /** How to mend a bad row. */
  String badRowRemedy(Setting<List<String>> source) {
    return DataReader.badRowRemedy(dataSource(source));
  }

  /** Where registered data sets are kept. */
  String cache() {
    if (spark.sparkContext().isLocal()) {
      return settings
          .value(Keys.DATA_CACHE)
          .orElseGet(
              () ->
                  Path.of(System.getProperty("user.home"), ".cache", "convene").toUri().toString());
    }
    return settings.value(Keys.DATA_CACHE).orElse(".cache/convene");
  }

  /**
   * The same for a job that fetches or reads registered data sets.
   *
   * @throws ConveneException of status USAGE if it is the driver's own disk, which the executors of
   *     a cluster do not share
   */
  String sharedCache() {
    String cache = cache();
    try {
      if (!SharedStorage.of(settings, spark).holds(Keys.DATA_CACHE, cache)) {
        throw ConveneException.usage(
            "data.cache %s, where registered data sets are kept, is on the driver's disk, which the"
                + " executors of %s do not share: set it to a path they all reach, or set"
                + " storage.shared-local = true",
            cache, spark.sparkContext().master());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return cache;
  }

  private static boolean isRegistered(String location) {
    try {
      return RegisteredSplit.parse(location).isPresent();
    } catch (ConveneException noSuchSet) {
      // Reading it says so.
      return false;
    }
  }

  private DataReader reader() {
    return new DataReader(spark, cache());
  }

  private DataSource dataSource(Setting<List<String>> source) {
    DataSource named =
        new DataSource(
            settings.value(Keys.DATA_FORMAT),
            settings.required(source),
            settings.value(Keys.DATA_OPTIONS),
            settings.value(Keys.DATA_COLUMNS),
            settings.value(Keys.DATA_DERIVE));
    if (settings.value(source).stream().anyMatch(InputReader::isRegistered)) {
      sharedCache();
    }
    SharedStorage storage = SharedStorage.of(settings, spark);
    try {
      for (String path : reader().paths(named)) {
        storage.require(source, path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return named;
  }
}
