package dev.convene.ml;

import static dev.convene.ml.Failures.refuses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convene.ExitStatus;
import dev.convene.nn.Activation;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.Initializer;
import dev.convene.nn.Loss;
import dev.convene.optim.Adam;
import dev.convene.optim.Plateau;
import dev.convene.optim.Schedule;
import dev.convene.report.ClassificationMetrics;
import dev.convene.shard.Shard;
import dev.convene.shard.Shards;
import dev.convene.testkit.LocalSpark;
import dev.convene.train.Averaging;
import dev.convene.train.DenseTraining;
import dev.convene.train.DivergenceRule;
import dev.convene.train.EarlyStopping;
import dev.convene.train.EpochRecord;
import dev.convene.train.Learner;
import dev.convene.train.Minibatches;
import dev.convene.train.Round;
import dev.convene.train.RoundTask;
import dev.convene.train.StepConstraints;
import dev.convene.train.TrainedRound;
import dev.convene.train.TrainingBackend;
import dev.convene.train.TrainingListener;
import dev.convene.train.TrainingLoop;
import dev.convene.train.TrainingPlan;
import dev.convene.train.TrainingResult;
import dev.convene.train.TrainingState;
import dev.convene.train.ValidationMetric;
import dev.convene.train.ValidationSum;
import dev.convene.train.Workers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("spark")
class NeuralNetworkClassifierTest {
  private static final List<Row> ROWS = Rows.classes(203, 3);

  @TempDir Path folder;

  private static NeuralNetworkClassifier classifier() {
    return new NeuralNetworkClassifier()
        .setHidden(new int[] {6})
        .setEpochs(3)
        .setBatchSize(10)
        .setWorkers(2)
        .setAveragingPeriod(3)
        .setDropout(0.2)
        .setLearningRate(0.01);
  }

  @Test
  void oneWorkerGivesTheBitsOfThePlainLoop() {
    int seed = 7;
    DenseNetwork network =
        DenseNetwork.of(4, List.of(6), 3, Activation.RELU, 0.2, Loss.SOFTMAX_CROSS_ENTROPY);
    TrainingPlan plan =
        new TrainingPlan(
            3,
            Double.POSITIVE_INFINITY,
            seed,
            new Minibatches(10, 1, true, false),
            Averaging.plain(3),
            Plateau.NONE,
            EarlyStopping.NEVER,
            new DivergenceRule(true, 1000));
    Learner learner =
        TrainingBackend.named("native")
            .learner(
                new DenseTraining(
                    network,
                    Initializer.XAVIER,
                    Adam.withDefaults(),
                    Schedule.constant(0.01),
                    StepConstraints.NONE));
    Shard shard;
    try (Shards shards = Shards.of(Rows.in(2, ROWS).select("features", "label"), 1, seed)) {
      shard = new Shard(shards.blocks().collect());
    }

    TrainingResult plain =
        new TrainingLoop(
                plan, learner, new PlainLoop(learner.task(plan), shard), TrainingListener.NONE)
            .run(learner.initialParameters(seed));
    NeuralNetworkClassificationModel model =
        classifier().setWorkers(1).setSeed(seed).fit(Rows.in(2, ROWS));

    assertThat(model.parameters()).isEqualTo(plain.parameters());
    assertThat(withoutSeconds(model.history())).isEqualTo(withoutSeconds(plain.history()));
  }

  /** One worker, in this thread. */
  private record PlainLoop(RoundTask task, Shard shard) implements Workers {
    @Override
    public List<Integer> rows() {
      return List.of(shard.rows());
    }

    @Override
    public TrainedRound train(Round round, TrainingState state) {
      try {
        return TrainedRound.of(List.of(task.train(round, state, shard, 0)));
      } catch (Exception failure) {
        throw new AssertionError(failure);
      }
    }

    @Override
    public List<ValidationSum> validate(int epoch, float[] parameters, ValidationMetric metric) {
      return List.of();
    }
  }

  @Test
  void neitherPartitionsNorOrderNorRepetitionChangeTheParameters() {
    NeuralNetworkClassifier classifier = classifier();
    float[] expected = classifier.fit(Rows.in(1, ROWS)).parameters();
    List<Row> shuffled = new ArrayList<>(ROWS);
    Collections.shuffle(shuffled, new Random(3));

    assertThat(expected).hasSize((4 + 1) * 6 + (6 + 1) * 3);
    for (int partitions : new int[] {1, 2, 4, 7}) {
      assertThat(classifier.fit(Rows.in(partitions, ROWS)).parameters())
          .as("%s partitions", partitions)
          .isEqualTo(expected);
    }
    assertThat(classifier.fit(Rows.in(3, shuffled)).parameters()).isEqualTo(expected);
    assertThat(classifier.setSeed(2).fit(Rows.in(1, ROWS)).parameters()).isNotEqualTo(expected);
  }

  @Test
  void sparseVectorsGiveWhatDenseOnesGive() {
    List<Row> sparse =
        ROWS.stream()
            .map(row -> RowFactory.create(row.<Vector>getAs(0).toSparse(), row.get(1), row.get(2)))
            .toList();

    NeuralNetworkClassificationModel model = classifier().fit(Rows.in(2, ROWS));

    assertThat(classifier().fit(Rows.in(2, sparse)).parameters()).isEqualTo(model.parameters());
    assertThat(model.transform(Rows.in(2, sparse)).select("probability").collectAsList())
        .isEqualTo(model.transform(Rows.in(2, ROWS)).select("probability").collectAsList());
    assertThat(model.evaluate(Rows.in(2, sparse), "the rows").loss())
        .isEqualTo(model.evaluate(Rows.in(2, ROWS), "the rows").loss());
  }

  @Test
  void aPredictionIsTheMostProbableClass() {
    NeuralNetworkClassificationModel model = classifier().fit(Rows.in(2, ROWS));

    for (Row row : model.transform(Rows.in(2, ROWS)).collectAsList()) {
      double[] raw = row.<Vector>getAs("rawPrediction").toArray();
      double[] probability = row.<Vector>getAs("probability").toArray();
      double sumOfExp = Arrays.stream(raw).map(Math::exp).sum();
      assertThat(Arrays.stream(probability).sum()).isCloseTo(1, within(1e-12));
      for (int k = 0; k < 3; k++) {
        assertThat(probability[k]).isCloseTo(Math.exp(raw[k]) / sumOfExp, within(1e-12));
      }
      double prediction = row.<Double>getAs("prediction");
      assertThat(probability[(int) prediction])
          .isEqualTo(Arrays.stream(probability).max().orElseThrow());
      assertThat(model.predict(row.getAs("features"))).isEqualTo(prediction);
    }
  }

  @Test
  void thresholdsDivideTheProbabilities() {
    NeuralNetworkClassificationModel model = classifier().fit(Rows.in(2, ROWS));

    model.setThresholds(new double[] {1e-9, 1, 1});

    assertThat(model.transform(Rows.in(2, ROWS)).select("prediction").distinct().collectAsList())
        .containsExactly(RowFactory.create(0.0));
    assertThatThrownBy(() -> model.setThresholds(new double[] {1, 1}).transform(Rows.in(1, ROWS)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("non-matching numClasses and thresholds.length");
  }

  @Test
  void isAsAccurateAsMllibsLogisticRegression() {
    Dataset<Row> training = Rows.in(2, Rows.classes(600, 3));
    Dataset<Row> test = Rows.in(2, Rows.classes(2000, 3).subList(600, 2000));
    MulticlassClassificationEvaluator accuracy =
        new MulticlassClassificationEvaluator().setMetricName("accuracy");

    double theirs = accuracy.evaluate(new LogisticRegression().fit(training).transform(test));
    double ours =
        accuracy.evaluate(
            new NeuralNetworkClassifier()
                .setWorkers(2)
                .setEpochs(10)
                .setBatchSize(20)
                .setLearningRate(0.02)
                .fit(training)
                .transform(test));

    assertThat(theirs).isBetween(0.7, 0.99);
    assertThat(ours).isCloseTo(theirs, within(0.02));
  }

  @Test
  void evaluateGivesWhatMllibsEvaluatorsGive() {
    NeuralNetworkClassificationModel model = classifier().fit(Rows.in(2, ROWS));
    // Columns of other names and types: a label may be any number.
    Dataset<Row> integerLabels =
        Rows.in(3, ROWS)
            .withColumn("class", functions.col("label").cast("int"))
            .drop("label")
            .withColumnRenamed("features", "label");
    Dataset<Row> transformed = model.transform(Rows.in(3, ROWS));

    model.setFeaturesCol("label").set("labelCol", "class");
    ClassificationMetrics metrics = model.evaluate(integerLabels, "the rows");

    assertThat(metrics.rows()).isEqualTo(203);
    assertThat(metrics.accuracy()).isCloseTo(metric("accuracy", 0, transformed), within(1e-6));
    assertThat(metrics.loss()).isCloseTo(metric("logLoss", 0, transformed), within(1e-6));
    for (int k = 0; k < 3; k++) {
      assertThat(metrics.precision()[k])
          .isCloseTo(metric("precisionByLabel", k, transformed), within(1e-6));
      assertThat(metrics.recall()[k])
          .isCloseTo(metric("recallByLabel", k, transformed), within(1e-6));
      assertThat(metrics.f1()[k])
          .isCloseTo(metric("fMeasureByLabel", k, transformed), within(1e-6));
    }
  }

  private static double metric(String name, double label, Dataset<Row> transformed) {
    return new MulticlassClassificationEvaluator()
        .setMetricName(name)
        .setMetricLabel(label)
        .evaluate(transformed);
  }

  @Test
  void validationRowsAreNotTrainedOn() {
    List<Row> trainingRows = ROWS.stream().filter(row -> !row.getBoolean(2)).toList();
    Dataset<Row> validationRows =
        Rows.in(1, ROWS.stream().filter(row -> row.getBoolean(2)).toList());

    NeuralNetworkClassificationModel model =
        classifier().setValidationIndicatorCol("validation").fit(Rows.in(4, ROWS));
    NeuralNetworkClassificationModel without = classifier().fit(Rows.in(2, trainingRows));

    assertThat(model.parameters()).isEqualTo(without.parameters());
    assertThat(model.history()).hasSize(3);
    EpochRecord last = model.history().get(2);
    ClassificationMetrics metrics = model.evaluate(validationRows, "the rows");
    assertThat(last.examples()).isEqualTo(trainingRows.size());
    assertThat(last.validationLoss()).isCloseTo(metrics.loss(), within(1e-6));
    assertThat(last.validationAccuracy()).isEqualTo(metrics.accuracy());
    assertThat(without.history().get(2).validationLoss()).isNull();
  }

  @Test
  void historyAndWorkersAreLoadedWithTheModel() throws Exception {
    NeuralNetworkClassificationModel model =
        classifier().setWorkers(3).setValidationIndicatorCol("validation").fit(Rows.in(2, ROWS));

    model.save(folder.resolve("model").toString());
    NeuralNetworkClassificationModel loaded =
        NeuralNetworkClassificationModel.load(folder.resolve("model").toString());

    assertThat(loaded.trainingWorkers()).isEqualTo(3);
    assertThat(loaded.history()).isEqualTo(model.history()).hasSize(3);
    assertThat(loaded.network()).isEqualTo(model.network());
    assertThat(loaded.parameters()).isEqualTo(model.parameters());
    assertThat(loaded.numClasses()).isEqualTo(3);
    assertThat(loaded.numFeatures()).isEqualTo(4);
  }

  @Test
  void mllibsCrossValidatorChoosesAmongItsSettings() {
    NeuralNetworkClassifier classifier = classifier().setOptimizer("sgd");
    ParamMap[] grid =
        new ParamGridBuilder()
            .addGrid(
                classifier.learningRate(), scala.Predef.wrapDoubleArray(new double[] {1e-9, 0.1}))
            .build();

    CrossValidatorModel chosen =
        new CrossValidator()
            .setEstimator(classifier)
            .setEvaluator(new MulticlassClassificationEvaluator().setMetricName("accuracy"))
            .setEstimatorParamMaps(grid)
            .setNumFolds(2)
            .setParallelism(2)
            .fit(Rows.in(2, ROWS));

    assertThat(chosen.avgMetrics()[1]).isGreaterThan(chosen.avgMetrics()[0] + 0.1);
    assertThat(((NeuralNetworkClassificationModel) chosen.bestModel()).getLearningRate())
        .isEqualTo(0.1);
  }

  @Test
  void trainingStartsFromInitialParameters() {
    float[] start = new float[(4 + 1) * 3];
    start[12] = 5;
    NeuralNetworkClassifier classifier =
        new NeuralNetworkClassifier()
            .setOptimizer("sgd")
            .setLearningRate(Double.MIN_VALUE)
            .setWorkers(2)
            .setEpochs(1)
            .setInitialParameters(start);
    start[12] = -5;

    NeuralNetworkClassificationModel model = classifier.fit(Rows.in(2, ROWS));

    float[] expected = new float[15];
    expected[12] = 5;
    assertThat(model.parameters()).isEqualTo(expected);
    assertThat(model.predictRaw(Vectors.dense(1, 2, 3, 4))).isEqualTo(Vectors.dense(5, 0, 0));
  }

  @Test
  void initialParametersOfAnotherNetworkAreRefused() {
    refuses(
        () -> classifier().setInitialParameters(new float[3]).fit(Rows.in(2, ROWS)),
        ExitStatus.DATA,
        "there are 3 initial parameters, but a network of 4 inputs and layers of [6, 3] has 51");
  }

  @ParameterizedTest
  @CsvSource({"1.5, 1.5", "-1, -1"})
  void aLabelThatIsNoClassIsRefused(double label, String shown) {
    List<Row> rows = List.of(Rows.of(0, 1), Rows.of(label, 2), Rows.of(1, 3));

    refuses(
        () -> classifier().fit(Rows.in(2, rows)),
        ExitStatus.DATA,
        "label "
            + shown
            + " in the training data, column label: class labels are whole numbers from 0; take its"
            + " values as categories (data.categorical, or a StringIndexer)");
  }

  @Test
  void aTestLabelOutsideTheClassesIsRefused() {
    NeuralNetworkClassificationModel model = classifier().fit(Rows.in(2, ROWS));
    List<Row> rows = List.of(Rows.of(0, 1, 1, 1, 1), Rows.of(3, 1, 1, 1, 1));

    refuses(
        () -> model.evaluate(Rows.in(1, rows), "data.test = new.csv"),
        ExitStatus.DATA,
        "label 3 in data.test = new.csv is outside the model's 3 classes 0..2");
    refuses(
        () -> model.evaluate(Rows.in(1, List.of()), "data.test = new.csv"),
        ExitStatus.DATA,
        "data.test = new.csv has no rows");
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 5})
  void featuresOfAnotherWidthAreRefusedWhenScored(int width) {
    NeuralNetworkClassificationModel model = classifier().fit(Rows.in(2, ROWS));
    Dataset<Row> rows = Rows.in(1, List.of(Rows.of(0, new double[width])));
    String message = "a row has " + width + " features, but the model was trained on 4";

    refuses(() -> model.evaluate(rows, "the rows"), ExitStatus.DATA, message);
    refuses(() -> model.transform(rows).collect(), ExitStatus.DATA, message);
    refuses(() -> model.predict(Vectors.zeros(width)), ExitStatus.DATA, message);
  }

  @Test
  void aRowWithoutFeaturesOrLabelIsRefusedWhenEvaluated() {
    NeuralNetworkClassificationModel model = classifier().fit(Rows.in(2, ROWS));

    for (Row hole :
        List.of(
            RowFactory.create(Vectors.zeros(4), null, false),
            RowFactory.create(null, 1.0, false))) {
      refuses(
          () -> model.evaluate(Rows.in(1, List.of(ROWS.get(0), hole)), "the test data"),
          ExitStatus.DATA,
          "a row of the test data lacks its features or its label");
    }
  }

  @Test
  void aFeaturesColumnOfAnotherTypeIsRefused() {
    StructType schema =
        new StructType().add("features", DataTypes.DoubleType).add("label", DataTypes.DoubleType);
    Dataset<Row> rows =
        LocalSpark.session().createDataFrame(List.of(RowFactory.create(1.0, 0.0)), schema);

    refuses(
        () -> classifier().fit(rows),
        ExitStatus.DATA,
        "column features (featuresCol) is of type double: "
            + "features are one vector, as VectorAssembler makes it");
  }

  @ParameterizedTest
  @CsvSource({
    "adam, momentum, 'beta1, beta2, eps, amsgrad', 'sgd, rmsprop have it'",
    "adam, nesterov, 'beta1, beta2, eps, amsgrad', 'sgd has it'",
    "sgd, beta1, 'momentum, dampening, nesterov', 'adam, adamw, sparse-adam, adamax have it'",
    "sgd, amsgrad, 'momentum, dampening, nesterov', 'adam, adamw have it'"
  })
  void aParamOfAnotherOptimizerIsRefused(
      String optimizer, String param, String its, String others) {
    NeuralNetworkClassifier classifier = classifier().setOptimizer(optimizer);
    boolean isFlag = param.equals("nesterov") || param.equals("amsgrad");
    classifier.set(classifier.getParam(param), isFlag ? (Object) true : 0.5);

    refuses(
        () -> classifier.fit(Rows.in(1, ROWS)),
        ExitStatus.USAGE,
        "%s is set, but optimizer %s has no %s; it has learningRate, weightDecay, %s; %s"
            .formatted(param, optimizer, param, its, others));
  }

  /** Also where the number of workers is that of the session's task slots. */
  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void aSharedMinibatchHasARowForEachWorker(int workers) {
    refuses(
        () ->
            classifier()
                .setWorkers(workers)
                .setBatchSizeOf("all")
                .setBatchSize(1)
                .fit(Rows.in(1, ROWS)),
        ExitStatus.USAGE,
        "batchSize = 1 is for all of 2 workers: make it 2 at least, so that each has a row, or"
            + " train on fewer workers");
  }

  @Test
  void nesterovNeedsMomentum() {
    refuses(
        () -> classifier().setOptimizer("sgd").setNesterov(true).fit(Rows.in(1, ROWS)),
        ExitStatus.USAGE,
        "nesterov = true needs a momentum above 0 and dampening 0, but momentum = 0.0 and dampening = 0.0");
  }

  @Test
  void dl4jNeedsItsJar() {
    refuses(
        () -> classifier().setTrainer("dl4j").fit(Rows.in(1, ROWS)),
        ExitStatus.USAGE,
        "the trainer dl4j needs the jar convene-dl4j, which is not on Spark's class path: "
            + "submit/convene adds it if the settings have train.trainer = dl4j or "
            + "model.dl4j-configuration; with spark-submit build it (mvn -DskipTests -pl common/dl4j "
            + "-am package) and add it with --jars");
  }

  @Test
  void patienceNeedsValidationRows() {
    refuses(
        () -> classifier().setPatience(1).fit(Rows.in(1, ROWS)),
        ExitStatus.USAGE,
        "patience = 1 needs validation rows: set validationIndicatorCol");
  }

  @Test
  void noRowsAreRefused() {
    refuses(
        () -> classifier().fit(Rows.in(1, List.of())),
        ExitStatus.DATA,
        "the training data has no rows");
    Dataset<Row> onlyValidation = Rows.in(1, ROWS).withColumn("validation", functions.lit(true));
    refuses(
        () -> classifier().setValidationIndicatorCol("validation").fit(onlyValidation),
        ExitStatus.DATA,
        "the training data has no rows");
    Dataset<Row> noValidation = Rows.in(1, ROWS).withColumn("validation", functions.lit(false));
    refuses(
        () -> classifier().setValidationIndicatorCol("validation").fit(noValidation),
        ExitStatus.DATA,
        "the validation data has no rows");
  }

  private static List<String> withoutSeconds(List<EpochRecord> history) {
    return history.stream()
        .map(record -> record.toString().replaceAll(", seconds=.*", ""))
        .toList();
  }
}
