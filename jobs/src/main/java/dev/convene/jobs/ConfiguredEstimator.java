package dev.convene.jobs;

import dev.convene.config.Keys;
import dev.convene.config.Setting;
import dev.convene.config.Settings;
import dev.convene.ml.NeuralNetworkClassificationModel;
import dev.convene.ml.NeuralNetworkClassifier;
import dev.convene.ml.NeuralNetworkRegressor;
import dev.convene.ml.NeuralNetworkSetters;
import dev.convene.nn.Loss;
import dev.convene.train.DescribingTrainer;
import dev.convene.train.TrainingBackend;
import dev.convene.train.TrainingListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.PredictionModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Fits the Estimator that the settings {@code model.*} and {@code train.*} describe. */
final class ConfiguredEstimator {
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
    DescribingTrainer.dl4j().checkDescription(description, loss);
    return Optional.of(description);
  }

  private static boolean classifies(Settings settings) {
    return settings.value(Keys.MODEL_TASK).equals("classification");
  }

  /**
   * @param validationCol true for rows to validate on; empty: no validation
   * @param initialParameters null: the initializer's
   */
  PredictionModel<Vector, ?> fit(
      Dataset<Row> rows,
      String featuresCol,
      LabelColumn labels,
      Optional<String> validationCol,
      float[] initialParameters,
      TrainingListener listener) {
    if (classifies(settings)) {
      NeuralNetworkClassifier classifier = new NeuralNetworkClassifier();
      configure(classifier, validationCol);
      weighClasses(classifier, labels);
      NeuralNetworkClassificationModel model =
          classifier
              .setInitialParameters(initialParameters)
              .setTrainingListener(listener)
              .setFeaturesCol(featuresCol)
              .setLabelCol(labels.target())
              .fit(rows);
      return withThresholds(model, labels);
    }
    NeuralNetworkRegressor regressor = new NeuralNetworkRegressor();
    configure(regressor, validationCol);
    return regressor
        .setInitialParameters(initialParameters)
        .setTrainingListener(listener)
        .setFeaturesCol(featuresCol)
        .setLabelCol(labels.target())
        .fit(rows);
  }

  private void weighClasses(NeuralNetworkClassifier classifier, LabelColumn labels) {
    classifier.setBalanceClasses(settings.value(Keys.MODEL_BALANCE_CLASSES));
    Map<String, Double> weights = settings.value(Keys.MODEL_CLASS_WEIGHTS);
    if (!weights.isEmpty()) {
      classifier.setClassWeights(labels.byClass(weights, Keys.MODEL_CLASS_WEIGHTS));
    }
  }

  /** Thresholds change the predictions, not the training. */
  private NeuralNetworkClassificationModel withThresholds(
      NeuralNetworkClassificationModel model, LabelColumn labels) {
    Map<String, Double> thresholds = settings.value(Keys.MODEL_THRESHOLDS);
    return thresholds.isEmpty()
        ? model
        : model.setThresholds(labels.byClass(thresholds, Keys.MODEL_THRESHOLDS));
  }

  private void configure(NeuralNetworkSetters<?> estimator, Optional<String> validationCol) {
    estimator.setEpochs(settings.value(Keys.TRAIN_EPOCHS));
    estimator.setBatchSize(settings.value(Keys.TRAIN_BATCH_SIZE).orElse(0));
    estimator.setShuffle(settings.value(Keys.TRAIN_SHUFFLE));
    estimator.setDropLast(settings.value(Keys.TRAIN_DROP_LAST));
    estimator.setSeed(settings.value(Keys.TRAIN_SEED));
    estimator.setWorkers(settings.value(Keys.TRAIN_WORKERS).orElse(0));
    estimator.setAveragingPeriod(settings.value(Keys.TRAIN_AVERAGING_PERIOD).orElse(0));
    estimator.setPatience(settings.value(Keys.EARLY_STOPPING_PATIENCE));
    estimator.setMinDelta(settings.value(Keys.EARLY_STOPPING_MIN_DELTA));
    estimator.setOnDivergence(settings.value(Keys.TRAIN_ON_DIVERGENCE));
    estimator.setDivergenceFactor(settings.value(Keys.TRAIN_DIVERGENCE_FACTOR));
    estimator.setRequireSameBlas(settings.value(Keys.BLAS_REQUIRE_SAME));
    validationCol.ifPresent(estimator::setValidationIndicatorCol);
    settings.value(Keys.DATA_WEIGHT).ifPresent(estimator::setWeightCol);
    if (description.isPresent()) {
      estimator.setDl4jConfiguration(description.get());
    } else {
      configureDense(estimator);
    }
  }

  private void configureDense(NeuralNetworkSetters<?> estimator) {
    estimator.setHidden(
        settings.value(Keys.MODEL_HIDDEN).stream().mapToInt(Integer::intValue).toArray());
    estimator.setActivation(settings.value(Keys.MODEL_ACTIVATION));
    estimator.setDropout(settings.value(Keys.MODEL_DROPOUT));
    estimator.setInitializer(settings.value(Keys.MODEL_INITIALIZER));
    estimator.setTrainer(settings.value(Keys.TRAIN_TRAINER));
    estimator.setOptimizer(settings.value(Keys.OPTIMIZER_NAME));
    estimator.setLearningRate(settings.value(Keys.OPTIMIZER_LEARNING_RATE));
    estimator.setWeightDecay(settings.value(Keys.OPTIMIZER_WEIGHT_DECAY));
    ifInForce(Keys.OPTIMIZER_MOMENTUM, estimator::setMomentum);
    ifInForce(Keys.OPTIMIZER_DAMPENING, estimator::setDampening);
    ifInForce(Keys.OPTIMIZER_NESTEROV, estimator::setNesterov);
    ifInForce(Keys.OPTIMIZER_BETA1, estimator::setBeta1);
    ifInForce(Keys.OPTIMIZER_BETA2, estimator::setBeta2);
    ifInForce(Keys.OPTIMIZER_EPS, estimator::setEps);
    ifInForce(Keys.OPTIMIZER_AMSGRAD, estimator::setAmsgrad);
  }

  private <T> void ifInForce(Setting<T> setting, Consumer<T> setter) {
    if (settings.isInForce(setting)) {
      setter.accept(settings.value(setting));
    }
  }
}
