package dev.convene.ml;

import static dev.convene.data.ColumnNames.column;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import dev.convene.ConveneException;
import dev.convene.config.Chosen;
import dev.convene.config.Keys;
import dev.convene.config.Rules;
import dev.convene.config.ScheduleKind;
import dev.convene.nn.Loss;
import dev.convene.shard.Shards;
import dev.convene.train.Averaging;
import dev.convene.train.DivergenceRule;
import dev.convene.train.EarlyStopping;
import dev.convene.train.HeapCheck;
import dev.convene.train.Learner;
import dev.convene.train.Minibatches;
import dev.convene.train.SparkWorkers;
import dev.convene.train.TaskSlots;
import dev.convene.train.TrainingListener;
import dev.convene.train.TrainingLoop;
import dev.convene.train.TrainingPlan;
import dev.convene.train.TrainingResult;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** From a DataFrame and Params to a trained network: what fitting is for both Estimators. */
final class NetworkFitting {
  private static final String TRAINING = "the training data";
  private static final String VALIDATION = "the validation data";

  private final NeuralNetworkParams params;
  private final FitOptions options;

  NetworkFitting(NeuralNetworkParams params, FitOptions options) {
    this.params = params;
    this.options = options;
  }

  /**
   * @param classifier the Params of the constructor, with those of classification
   */
  TrainedNetwork classification(
      NeuralNetworkClassifierParams classifier,
      Dataset<?> dataset,
      String featuresCol,
      String labelCol) {
    Rules.checkEstimator(new ChosenParams(params));
    LabelMetadata declared = LabelMetadata.of(dataset.schema().apply(labelCol));
    Dataset<Row> labelled =
        declared.isComplete() ? labelsChecked(dataset, labelCol, declared) : dataset.toDF();
    int classes = declared.isComplete() ? declared.count() : classesInRows(labelled, labelCol);
    requireThresholds(classifier, classes);
    return run(
        labelled,
        List.of(features(dataset, featuresCol), column(labelCol)),
        RowWeights.of(classifier, training(labelled), labelCol, classes),
        classes,
        Loss.SOFTMAX_CROSS_ENTROPY,
        List.of());
  }

  /** The number of classes is known: no pass is needed but the one that deals the rows. */
  private Dataset<Row> labelsChecked(Dataset<?> dataset, String labelCol, LabelMetadata declared) {
    Column label = column(labelCol);
    Column training = LabelChecks.withinDeclared(label, declared, TRAINING);
    return dataset.withColumn(
        labelCol,
        validates()
            ? when(isValidation(), LabelChecks.within(label, declared.count(), VALIDATION))
                .otherwise(training)
            : training);
  }

  /** One pass over the labels to train on, and one over those to validate on. */
  private int classesInRows(Dataset<Row> dataset, String labelCol) {
    int classes = LabelChecks.countClasses(training(dataset), labelCol, TRAINING);
    if (validates()) {
      LabelChecks.requireWithin(validation(dataset), labelCol, classes, VALIDATION);
    }
    return classes;
  }

  TrainedNetwork regression(Dataset<?> dataset, String featuresCol, String labelCol) {
    Rules.checkEstimator(new ChosenParams(params));
    return run(
        dataset,
        List.of(features(dataset, featuresCol), column(labelCol)),
        params.weightColumn().map(RowWeights::of),
        outputs(dataset, labelCol),
        Loss.MEAN_SQUARED_ERROR,
        OutputNames.of(dataset.schema().apply(labelCol)));
  }

  private static Column features(Dataset<?> dataset, String featuresCol) {
    return FeatureVectors.of(dataset.schema().apply(featuresCol));
  }

  private TrainedNetwork run(
      Dataset<?> dataset,
      List<Column> featuresAndLabel,
      Optional<Column> weight,
      int outputs,
      Loss loss,
      List<String> outputNames) {
    Learner learner =
        NetworkSetup.learner(
            params, sizeOfVectors(dataset, featuresAndLabel.get(0)), outputs, loss);
    HeapCheck.requireRoomFor(learner.network(), learner.stateCount());
    float[] start =
        options
            .initialParameters()
            .forNetwork(learner.network(), () -> learner.initialParameters(params.getSeed()));
    TrainingListener listener = options.listener();
    listener.networkBuilt(learner.network());
    SparkContext spark = dataset.sparkSession().sparkContext();
    int workers = params.getWorkers() == 0 ? TaskSlots.settled(spark) : params.getWorkers();
    Rules.checkWorkers(new ChosenParams(params), workers);
    TrainingPlan plan = plan(workers);
    TaskSlots.await(spark, workers, listener);
    Column[] columns =
        Stream.concat(featuresAndLabel.stream(), weight.stream()).toArray(Column[]::new);
    try (Shards training = Shards.of(training(dataset).select(columns), workers, plan.seed());
        Shards validation =
            validates()
                ? Shards.of(validation(dataset).select(columns), workers, plan.seed())
                : null) {
      requireRows(training, "training");
      if (validates()) {
        requireRows(validation, "validation");
      }
      SparkWorkers sparkWorkers =
          new SparkWorkers(
              learner.network(),
              learner.task(plan),
              training,
              validation,
              params.getRequireSameBlas(),
              listener);
      TrainingResult result = new TrainingLoop(plan, learner, sparkWorkers, listener).run(start);
      return new TrainedNetwork(
          learner.network(), result.parameters(), workers, result.history(), outputNames);
    }
  }

  private boolean validates() {
    return params.isSet(params.validationIndicatorCol());
  }

  // A row whose indicator is null is not one to validate on.
  private Column isValidation() {
    return coalesce(column(params.getValidationIndicatorCol()), lit(false));
  }

  private Dataset<Row> training(Dataset<?> dataset) {
    return validates() ? dataset.toDF().filter(not(isValidation())) : dataset.toDF();
  }

  private Dataset<Row> validation(Dataset<?> dataset) {
    return dataset.toDF().filter(isValidation());
  }

  private static void requireThresholds(NeuralNetworkClassifierParams classifier, int classes) {
    if (classifier.isSet(classifier.thresholds()) && classifier.getThresholds().length != classes) {
      throw ConveneException.usage(
          "thresholds has %s numbers, but there are %s classes",
          classifier.getThresholds().length, classes);
    }
  }

  private static int outputs(Dataset<?> dataset, String labelCol) {
    if (!(dataset.schema().apply(labelCol).dataType() instanceof VectorUDT)) {
      return 1;
    }
    int outputs = sizeOfVectors(dataset, column(labelCol));
    if (outputs < 2) {
      throw ConveneException.data(
          "column %s has vectors of %s numbers: make one target a column of numbers",
          labelCol, outputs);
    }
    return outputs;
  }

  private static int sizeOfVectors(Dataset<?> dataset, Column vectors) {
    List<Row> first = dataset.filter(vectors.isNotNull()).select(vectors).takeAsList(1);
    if (first.isEmpty()) {
      throw ConveneException.data("there are no training rows");
    }
    return first.get(0).<Vector>getAs(0).size();
  }

  TrainingPlan plan(int workers) {
    Chosen chosen = new ChosenParams(params);
    int sharers = params.getBatchSizeOf().equals("all") ? workers : 1;
    double maxSeconds = params.getMaxSeconds();
    return new TrainingPlan(
        params.getEpochs(),
        maxSeconds == 0 ? Double.POSITIVE_INFINITY : maxSeconds,
        params.getSeed(),
        new Minibatches(params.getBatchSize(), sharers, params.getShuffle(), params.getDropLast()),
        Averaging.weighted(params.getAveragingPeriod()),
        ScheduleKind.plateauChosenBy(chosen),
        new EarlyStopping(
            chosen.value(Keys.EARLY_STOPPING_METRIC), params.getPatience(), params.getMinDelta()),
        new DivergenceRule(params.getOnDivergence().equals("stop"), params.getDivergenceFactor()));
  }

  private static void requireRows(Shards shards, String purpose) {
    if (shards.rows() == 0) {
      throw ConveneException.data("there are no %s rows", purpose);
    }
  }
}
