package dev.convene.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import dev.convene.config.Keys;
import dev.convene.config.Settings;
import dev.convene.data.DataReader;
import dev.convene.jobs.OutputDirectory.Kind;
import java.io.IOException;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The rows that predict sets aside, each with the reason, as json. They appear with the predictions
 * or not at all, and replace those of the predictions that are replaced, also by none.
 */
final class BadRowsOutput implements AutoCloseable {
  private static final String REASON = "reason";
  private static final String ROWS = "rows";

  private final String name;

  /** Empty if there are neither bad rows to write nor older ones to replace. */
  private final Optional<OutputDirectory> directory;

  private long rows;

  private BadRowsOutput(String name, Optional<OutputDirectory> directory) {
    this.name = name;
    this.directory = directory;
  }

  static BadRowsOutput open(Settings settings, SparkSession spark) throws IOException {
    String name = name(settings);
    return new BadRowsOutput(
        name,
        isSettingAside(settings) || hasOlder(settings, spark)
            ? Optional.of(OutputDirectory.open(Kind.BAD_ROWS, name, settings, spark))
            : Optional.empty());
  }

  private static boolean hasOlder(Settings settings, SparkSession spark) throws IOException {
    if (!isPlace(settings)) {
      return false;
    }
    StoragePath place =
        StoragePath.of(
            Kind.BAD_ROWS.dir().key(), name(settings), spark.sparkContext().hadoopConfiguration());
    return place.storage().exists(place.path());
  }

  /**
   * Whether the job writes there, or removes what is there. The name of a table is no place unless
   * rows are set aside.
   */
  static boolean isPlace(Settings settings) {
    return isSettingAside(settings)
        || (settings.value(Keys.PREDICT_OVERWRITE)
            && (PredictionSinks.areFiles(settings) || settings.isGiven(Keys.PREDICT_BAD_ROWS)));
  }

  static boolean isSettingAside(Settings settings) {
    return settings.value(Keys.PREDICT_ON_BAD_ROW).equals("set-aside");
  }

  /** Its path, beside the predictions unless predict.bad-rows is set. */
  static String name(Settings settings) {
    return settings
        .value(Keys.PREDICT_BAD_ROWS)
        .orElseGet(() -> settings.value(Keys.PREDICT_OUTPUT).orElseThrow() + ".bad-rows");
  }

  /** Writes the bad ones of rows that DataReader has marked. */
  void write(Dataset<Row> marked) throws IOException, InterruptedException {
    Observation observation = new Observation("bad rows");
    marked
        .filter(col(DataReader.PROBLEM).isNotNull())
        .select(col(DataReader.SOURCE + ".*"), col(DataReader.PROBLEM).as(REASON))
        .observe(observation, count(lit(1)).as(ROWS))
        .write()
        .mode("append")
        .json(directory.orElseThrow().directory().toString());
    rows = (long) observation.getAsJava().get(ROWS);
  }

  /** Makes them visible, until {@link #settle} in a way that {@link #close} takes back. */
  void publish() throws IOException {
    if (directory.isPresent()) {
      if (rows == 0) {
        directory.get().leaveOut();
      }
      directory.get().publish();
    }
  }

  void settle() {
    directory.ifPresent(OutputDirectory::settle);
  }

  /**
   * What to add to the job's last line: how many there are, and where; nothing if there are none.
   */
  String summary() {
    return rows == 0 ? "" : ", set %s bad ones aside in %s".formatted(rows, name);
  }

  @Override
  public void close() throws IOException {
    if (directory.isPresent()) {
      directory.get().close();
    }
  }
}
