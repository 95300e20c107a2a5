package dev.convene.jobs;

import dev.convene.config.Keys;
import dev.convene.config.Settings;
import dev.convene.data.ColumnNames;
import dev.convene.ml.DealtRows;
import dev.convene.ml.NetworkTraining;
import dev.convene.ml.NeuralNetworkClassifier;
import dev.convene.ml.NeuralNetworkEstimator;
import dev.convene.ml.NeuralNetworkRegressor;
import dev.convene.ml.NeuralNetworkSetters;
import dev.convene.nn.Loss;
import dev.convene.train.DescribedTraining;
import dev.convene.train.TrainingBackend;
import dev.convene.train.TrainingListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.PredictionModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The Estimator that the settings {@code model.*} and {@code train.*} describe. */
final class ConfiguredEstimator {
  private static final String WEIGHT = "weight";

  private final Settings settings;
  private final Optional<String> description;
  private final float[] initialParameters;

  /**
   * @param description of the network; empty: model.hidden and others describe it
   * @param initialParameters null: the initializer's
   */
  ConfiguredEstimator(Settings settings, Optional<String> description, float[] initialParameters) {
    this.settings = settings;
    this.description = description;
    this.initialParameters = initialParameters;
  }

  /**
   * Reads the files that the settings name.
   *
   * @throws dev.convene.ConveneException if one cannot be used, or there is no such trainer
   */
  static ConfiguredEstimator of(Settings settings, Configuration hadoop) throws IOException {
    Optional<String> description = description(settings, hadoop);
    Optional<String> file = settings.value(Keys.TRAIN_INITIAL_PARAMETERS);
    return new ConfiguredEstimator(
        settings,
        description,
        file.isEmpty() ? null : InitialParametersFile.read(file.get(), hadoop));
  }

  /**
   * The description of the network that the settings name, if they do. Sees, too, that there is the
   * trainer that they ask for.
   *
   * @throws dev.convene.ConveneException if there is not, or the file makes no network
   */
  private static Optional<String> description(Settings settings, Configuration hadoop)
      throws IOException {
    Optional<String> file = settings.value(Keys.MODEL_DL4J_CONFIGURATION);
    if (file.isEmpty()) {
      TrainingBackend.named(settings.value(Keys.TRAIN_TRAINER)).requireUsable();
      return Optional.empty();
    }
    byte[] json = SettingFile.read(Keys.MODEL_DL4J_CONFIGURATION, file.get(), hadoop);
    String description = new String(json, StandardCharsets.UTF_8);
    Loss loss = classifies(settings) ? Loss.SOFTMAX_CROSS_ENTROPY : Loss.MEAN_SQUARED_ERROR;
    DescribedTraining.dl4j().check(description, loss);
    return Optional.of(description);
  }

  private static boolean classifies(Settings settings) {
    return settings.value(Keys.MODEL_TASK).equals("classification");
  }

  /** The same with other settings than those of files. */
  ConfiguredEstimator with(Settings others) {
    return new ConfiguredEstimator(others, description, initialParameters);
  }

  /** Trains on these rows to the end; checkpoints stay. */
  PredictionModel<Vector, ?> fit(
      PreparedRows rows, TrainingPlaces places, TrainingListener listener) {
    Dataset<Row> selected = selected(rows);
    return classifies(settings)
        ? placed(classifier(rows), places).setTrainingListener(listener).fit(selected)
        : placed(regressor(rows), places).setTrainingListener(listener).fit(selected);
  }

  private static <E extends NeuralNetworkEstimator<E, ?>> E placed(E estimator, TrainingPlaces at) {
    at.checkpoints().ifPresent(dir -> estimator.setCheckpointDir(dir.toString()));
    at.continued().ifPresent(file -> estimator.setContinuedCheckpoint(file.toString()));
    at.end().ifPresent(file -> estimator.setFinalCheckpoint(file.toString()));
    return estimator.setLeavesCheckpoints(true);
  }

  /** Deals these rows, for trainings of this and other Estimators. */
  DealtRows deal(PreparedRows rows) {
    return estimator(rows).deal(selected(rows));
  }

  /** A training on rows after they were dealt. */
  NetworkTraining training(PreparedRows rows, DealtRows dealt, TrainingListener listener) {
    NeuralNetworkEstimator<?, ?> estimator = estimator(rows);
    estimator.setTrainingListener(listener);
    return estimator.training(dealt);
  }

  /** Only columns of ours, whose names MLlib can read. */
  private Dataset<Row> selected(PreparedRows rows) {
    return rows.training()
        .select(
            Stream.concat(
                    columns(rows).map(ColumnNames::column),
                    settings
                        .value(Keys.DATA_WEIGHT)
                        .map(name -> ColumnNames.column(name).as(weightCol(rows)))
                        .stream())
                .toArray(Column[]::new));
  }

  private static Stream<String> columns(PreparedRows rows) {
    return Stream.concat(
        Stream.of(rows.preprocessing().outputColumn(), rows.labels().target()),
        rows.splits().isValidation().stream());
  }

  private static String weightCol(PreparedRows rows) {
    return ColumnNames.free(WEIGHT, columns(rows).toList());
  }

  private NeuralNetworkEstimator<?, ?> estimator(PreparedRows rows) {
    return classifies(settings) ? classifier(rows) : regressor(rows);
  }

  private NeuralNetworkClassifier classifier(PreparedRows rows) {
    NeuralNetworkClassifier classifier = new NeuralNetworkClassifier();
    configure(classifier, rows.splits().isValidation());
    settings.value(Keys.DATA_WEIGHT).ifPresent(name -> classifier.setWeightCol(weightCol(rows)));
    rows.numbers().weights().ifPresent(classifier::setClassWeights);
    rows.numbers().thresholds().ifPresent(classifier::setThresholds);
    return classifier
        .setInitialParameters(initialParameters)
        .setFeaturesCol(rows.preprocessing().outputColumn())
        .setLabelCol(rows.labels().target());
  }

  private NeuralNetworkRegressor regressor(PreparedRows rows) {
    NeuralNetworkRegressor regressor = new NeuralNetworkRegressor();
    configure(regressor, rows.splits().isValidation());
    settings.value(Keys.DATA_WEIGHT).ifPresent(name -> regressor.setWeightCol(weightCol(rows)));
    return regressor
        .setInitialParameters(initialParameters)
        .setFeaturesCol(rows.preprocessing().outputColumn())
        .setLabelCol(rows.labels().target());
  }

  void configure(NeuralNetworkSetters<?> estimator, Optional<String> validationCol) {
    estimator.setGiven(settings);
    description.ifPresent(estimator::setDl4jConfiguration);
    validationCol.ifPresent(estimator::setValidationIndicatorCol);
  }
}
