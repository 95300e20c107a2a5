package dev.convene.jobs;

import dev.convene.config.Keys;
import dev.convene.config.Settings;
import dev.convene.data.ColumnNames;
import dev.convene.ml.NeuralNetworkClassifier;
import dev.convene.ml.NeuralNetworkRegressor;
import dev.convene.ml.NeuralNetworkSetters;
import dev.convene.nn.Loss;
import dev.convene.train.DescribedTraining;
import dev.convene.train.TrainingBackend;
import dev.convene.train.TrainingListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.PredictionModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Fits the Estimator that the settings {@code model.*} and {@code train.*} describe. */
final class ConfiguredEstimator {
  private static final String WEIGHT = "weight";

  private final Settings settings;
  private final Optional<String> description;

  /**
   * @param description of the network; empty: model.hidden and others describe it
   */
  ConfiguredEstimator(Settings settings, Optional<String> description) {
    this.settings = settings;
    this.description = description;
  }

  /**
   * The description of the network that the settings name, if they do. Sees, too, that there is the
   * trainer that they ask for.
   *
   * @throws dev.convene.ConveneException if there is not, or the file makes no network
   */
  static Optional<String> description(Settings settings, Configuration hadoop) throws IOException {
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

  /**
   * @param numbers of the labels' classes
   * @param validationCol true for rows to validate on; empty: no validation
   * @param initialParameters null: the initializer's
   */
  PredictionModel<Vector, ?> fit(
      Dataset<Row> rows,
      String featuresCol,
      LabelColumn labels,
      ClassNumbers numbers,
      Optional<String> validationCol,
      float[] initialParameters,
      TrainingListener listener) {
    Optional<String> weight = settings.value(Keys.DATA_WEIGHT);
    List<String> columns = new ArrayList<>(List.of(featuresCol, labels.target()));
    validationCol.ifPresent(columns::add);
    String weightCol = ColumnNames.free(WEIGHT, columns);
    // Only columns of ours, whose names MLlib can read.
    Dataset<Row> selected =
        rows.select(
            Stream.concat(
                    columns.stream().map(ColumnNames::column),
                    weight.stream().map(name -> ColumnNames.column(name).as(weightCol)))
                .toArray(Column[]::new));
    Optional<String> selectedWeight = weight.map(name -> weightCol);
    if (classifies(settings)) {
      NeuralNetworkClassifier classifier = new NeuralNetworkClassifier();
      configure(classifier, validationCol);
      selectedWeight.ifPresent(classifier::setWeightCol);
      numbers.weights().ifPresent(classifier::setClassWeights);
      numbers.thresholds().ifPresent(classifier::setThresholds);
      return classifier
          .setInitialParameters(initialParameters)
          .setTrainingListener(listener)
          .setFeaturesCol(featuresCol)
          .setLabelCol(labels.target())
          .fit(selected);
    }
    NeuralNetworkRegressor regressor = new NeuralNetworkRegressor();
    configure(regressor, validationCol);
    selectedWeight.ifPresent(regressor::setWeightCol);
    return regressor
        .setInitialParameters(initialParameters)
        .setTrainingListener(listener)
        .setFeaturesCol(featuresCol)
        .setLabelCol(labels.target())
        .fit(selected);
  }

  void configure(NeuralNetworkSetters<?> estimator, Optional<String> validationCol) {
    estimator.setGiven(settings);
    description.ifPresent(estimator::setDl4jConfiguration);
    validationCol.ifPresent(estimator::setValidationIndicatorCol);
  }
}
