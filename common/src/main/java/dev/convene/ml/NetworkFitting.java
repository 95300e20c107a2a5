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
import dev.convene.config.WorkersPlan;
import dev.convene.nn.Loss;
import dev.convene.train.DivergenceRule;
import dev.convene.train.EarlyStopping;
import dev.convene.train.HeapCheck;
import dev.convene.train.Learner;
import dev.convene.train.TaskSlots;
import dev.convene.train.TrainingListener;
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
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

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
   * The rows of a classification, their labels to be checked as they are dealt.
   *
   * @param classifier the Params of the constructor, with those of classification
   */
  FitRows classification(
      NeuralNetworkClassifierParams classifier,
      Dataset<?> rows,
      String featuresCol,
      String labelCol) {
    Rules.checkEstimator(new ChosenParams(params));
    Dataset<Row> dataset = withNumericLabel(rows, labelCol);
    LabelMetadata declared = LabelMetadata.of(dataset.schema().apply(labelCol));
    Dataset<Row> labelled =
        declared.isComplete() ? labelsChecked(dataset, labelCol, declared) : dataset;
    int classes = declared.isComplete() ? declared.count() : classesInRows(labelled, labelCol);
    requireThresholds(classifier, classes);
    return rows(
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

  /** The rows of a regression. */
  FitRows regression(Dataset<?> rows, String featuresCol, String labelCol) {
    Rules.checkEstimator(new ChosenParams(params));
    Dataset<Row> dataset = withNumericLabel(rows, labelCol);
    return rows(
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

  /** As MLlib's {@code fit} makes it of any number. */
  private static Dataset<Row> withNumericLabel(Dataset<?> rows, String labelCol) {
    StructField label = rows.schema().apply(labelCol);
    boolean isReady =
        label.dataType() instanceof VectorUDT || label.dataType().equals(DataTypes.DoubleType);
    return isReady
        ? rows.toDF()
        : rows.withColumn(labelCol, column(labelCol).cast(DataTypes.DoubleType), label.metadata());
  }

  private FitRows rows(
      Dataset<Row> dataset,
      List<Column> featuresAndLabel,
      Optional<Column> weight,
      int outputs,
      Loss loss,
      List<String> outputNames) {
    Column[] columns =
        Stream.concat(featuresAndLabel.stream(), weight.stream()).toArray(Column[]::new);
    return new FitRows(
        training(dataset).select(columns),
        validates() ? Optional.of(validation(dataset).select(columns)) : Optional.empty(),
        sizeOfVectors(dataset, featuresAndLabel.get(0)),
        outputs,
        loss,
        outputNames);
  }

  /** Trains on these rows to the end. */
  TrainedNetwork train(FitRows rows) {
    Learner learner = learner(rows);
    float[] start = start(learner);
    options.listener().networkBuilt(learner.network());
    try (DealtRows dealt = deal(rows);
        FitCheckpoints checkpoints = new FitCheckpoints(params, options, dealt, start)) {
      NetworkTraining training = training(learner, start, dealt, checkpoints.listener());
      TrainingResult result = training.run(checkpoints.start(training));
      checkpoints.end(result.last());
      return training.trained(result);
    }
  }

  /** Deals these rows to the workers. */
  DealtRows deal(FitRows rows) {
    SparkContext spark = rows.training().sparkSession().sparkContext();
    int workers = params.getWorkers() == 0 ? TaskSlots.settled(spark) : params.getWorkers();
    Rules.checkWorkers(new ChosenParams(params), workers);
    TaskSlots.await(spark, workers, options.listener());
    return DealtRows.deal(rows, workers, params.getSeed());
  }

  /** A training on rows that were dealt. */
  NetworkTraining training(DealtRows dealt) {
    Rules.checkEstimator(new ChosenParams(params));
    Learner learner = learner(dealt.rows());
    return training(learner, start(learner), dealt, options.listener());
  }

  private NetworkTraining training(
      Learner learner, float[] start, DealtRows dealt, TrainingListener listener) {
    WorkersPlan workers = new WorkersPlan(new ChosenParams(params), dealt.rowsByWorker());
    workers.warning().ifPresent(listener::warn);
    TrainingPlan plan = plan(workers);
    return new NetworkTraining(
        plan,
        learner,
        start,
        dealt,
        dealt.workers(learner, plan, params.getRequireSameBlas(), listener),
        listener);
  }

  private Learner learner(FitRows rows) {
    Learner learner = NetworkSetup.learner(params, rows.inputs(), rows.outputs(), rows.loss());
    HeapCheck.requireRoomFor(learner.network(), learner.stateCount());
    return learner;
  }

  private float[] start(Learner learner) {
    return options
        .initialParameters()
        .forNetwork(learner.network(), () -> learner.initialParameters(params.getSeed()));
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

  TrainingPlan plan(WorkersPlan workers) {
    Chosen chosen = new ChosenParams(params);
    double maxSeconds = params.getMaxSeconds();
    return new TrainingPlan(
        params.getEpochs(),
        maxSeconds == 0 ? Double.POSITIVE_INFINITY : maxSeconds,
        params.getSeed(),
        workers.minibatches(),
        workers.averaging(),
        ScheduleKind.plateauChosenBy(chosen),
        new EarlyStopping(
            chosen.value(Keys.EARLY_STOPPING_METRIC), params.getPatience(), params.getMinDelta()),
        new DivergenceRule(params.getOnDivergence().equals("stop"), params.getDivergenceFactor()));
  }
}
