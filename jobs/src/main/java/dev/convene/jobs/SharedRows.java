package dev.convene.jobs;

import dev.convene.config.Keys;
import dev.convene.config.Settings;
import dev.convene.ml.DealtRows;
import dev.convene.ml.NetworkTraining;
import dev.convene.train.TrainingListener;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.SparkSession;

/**
 * Rows that were read, prepared and dealt once, for trainings whose settings differ in nothing that
 * concerns rows. Test rows are not among them.
 */
final class SharedRows implements AutoCloseable {
  private static final Set<String> OF_ROWS =
      Set.of(
          Keys.MODEL_TASK.key(),
          Keys.MODEL_BALANCE_CLASSES.key(),
          Keys.MODEL_CLASS_WEIGHTS.key(),
          Keys.MODEL_THRESHOLDS.key(),
          Keys.TRAIN_SEED.key(),
          Keys.TRAIN_WORKERS.key());

  private final PreparedRows rows;
  private final DealtRows dealt;

  private SharedRows(PreparedRows rows, DealtRows dealt) {
    this.rows = rows;
    this.dealt = dealt;
  }

  /** What concerns rows: trainings that are equal in it can share them. */
  static Map<String, String> concerns(Settings settings) {
    return settings.texts(
        key -> key.startsWith("data.") || key.startsWith("preprocess.") || OF_ROWS.contains(key));
  }

  static SharedRows deal(Settings settings, ConfiguredEstimator network, SparkSession spark) {
    Settings untested = settings.with(Keys.DATA_TEST, List.of());
    InputReader data = new InputReader(untested, spark);
    try (DataSplits splits = DataSplits.read(data, untested)) {
      PreparedRows rows = PreparedRows.fit(untested, data, splits);
      return new SharedRows(rows, network.deal(rows));
    }
  }

  NetworkTraining training(ConfiguredEstimator network, TrainingListener listener) {
    return network.training(rows, dealt, listener);
  }

  @Override
  public void close() {
    dealt.close();
  }
}
