package dev.convene.dl4j;

import dev.convene.ConveneException;
import dev.convene.data.ClassLabels;
import dev.convene.data.Shards;
import dev.convene.ml.StageUid;
import dev.convene.nn.Activation;
import dev.convene.nn.Loss;
import dev.convene.nn.Network;
import dev.convene.train.TaskSlots;
import dev.convene.train.TrainingListener;
import dev.convene.train.TrainingLoop;
import dev.convene.train.TrainingPlan;
import dev.convene.train.TrainingResult;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.ml.classification.ProbabilisticClassifier;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Any network that DL4J can describe as a {@code MultiLayerConfiguration}, trained by DL4J Spark:
 * convolutions, normalisation, other losses of their layers, other updaters. It ends in softmax and
 * cross-entropy. Initial parameters follow the configuration's own seed.
 *
 * <p>Features are one Vector column; a convolutional network takes images as rows of pixels by
 * {@code InputType.convolutionalFlat}. Labels are classes 0, 1, ..., K - 1.
 */
public final class Dl4jClassifier
    extends ProbabilisticClassifier<Vector, Dl4jClassifier, Dl4jClassificationModel>
    implements DefaultParamsWritable {
  private static final long serialVersionUID = 1;
  private static final double DIVERGENCE_FACTOR = 1000;

  private final String uid;
  private transient TrainingListener listener;

  public Dl4jClassifier() {
    this(StageUid.random("dl4jClassifier"));
  }

  public Dl4jClassifier(String uid) {
    this(StageUid.announce(uid), TrainingListener.NONE);
  }

  private Dl4jClassifier(String uid, TrainingListener listener) {
    this.uid = uid;
    this.listener = listener;
    byDefault(epochs(), 15);
    byDefault(batchSize(), 100);
    byDefault(workers(), 0);
    byDefault(averagingPeriod(), 0);
    byDefault(seed(), 1L);
  }

  /** Reads what {@code write()} wrote. */
  public static MLReader<Dl4jClassifier> read() {
    return new DefaultParamsReader<>();
  }

  @Override
  public String uid() {
    return uid == null ? StageUid.announced() : uid;
  }

  public Param<String> configuration() {
    return new Param<>(
        this, "configuration", "the network: what DL4J's MultiLayerConfiguration.toJson() gives");
  }

  public IntParam epochs() {
    return new IntParam(
        this, "epochs", "passes over the training rows, at least 1", ParamValidators.gtEq(1));
  }

  public IntParam batchSize() {
    return new IntParam(
        this,
        "batchSize",
        "rows in one minibatch of one worker; 0: all rows of the worker",
        ParamValidators.gtEq(0));
  }

  public IntParam workers() {
    return new IntParam(
        this,
        "workers",
        "workers that train side by side; 0: as many as Spark has task slots",
        ParamValidators.gtEq(0));
  }

  public IntParam averagingPeriod() {
    return new IntParam(
        this,
        "averagingPeriod",
        "minibatches per worker between two averages of the parameters; 0: once an epoch",
        ParamValidators.gtEq(0));
  }

  public LongParam seed() {
    return new LongParam(this, "seed", "seed of the rows' order and of dropout");
  }

  public Dl4jClassifier setConfiguration(String json) {
    return with(configuration(), json);
  }

  public Dl4jClassifier setEpochs(int value) {
    return with(epochs(), value);
  }

  public Dl4jClassifier setBatchSize(int value) {
    return with(batchSize(), value);
  }

  public Dl4jClassifier setWorkers(int value) {
    return with(workers(), value);
  }

  public Dl4jClassifier setAveragingPeriod(int value) {
    return with(averagingPeriod(), value);
  }

  public Dl4jClassifier setSeed(long value) {
    return with(seed(), value);
  }

  /** Tells how training goes on. Not saved. */
  public Dl4jClassifier setTrainingListener(TrainingListener value) {
    listener = value;
    return this;
  }

  @Override
  public Dl4jClassificationModel train(Dataset<?> dataset) {
    if (!isSet(configuration())) {
      throw ConveneException.usage("configuration is not set: give DL4J's JSON of a network");
    }
    Dataset<Row> rows = dataset.select(getFeaturesCol(), getLabelCol());
    List<Row> first = rows.takeAsList(1);
    if (first.isEmpty()) {
      throw ConveneException.data("there are no training rows");
    }
    String json = getOrDefault(configuration());
    Dl4jNetwork initial = Dl4jNetwork.initial(json, first.get(0).<Vector>getAs(0).size());
    ClassLabels.requireWithin(rows, getLabelCol(), initial.classes(), "the training data");
    SparkContext spark = dataset.sparkSession().sparkContext();
    int workers = value(workers());
    if (workers == 0) {
      workers = TaskSlots.settled(spark);
    }
    TaskSlots.await(spark, workers, listener);
    TrainingPlan plan = plan(initial);
    try (Shards training = Shards.of(rows, workers, plan.seed())) {
      Dl4jWorkers dl4j =
          new Dl4jWorkers(
              plan, initial.configuration(), training, (epoch, parameters) -> List.of());
      TrainingResult result = new TrainingLoop(plan, dl4j, listener).run(initial.parameters());
      return new Dl4jClassificationModel(uid, initial.with(result.parameters()), result.history());
    }
  }

  private TrainingPlan plan(Dl4jNetwork initial) {
    MultiLayerNetwork network = initial.computing();
    INDArray state = network.getUpdater().getStateViewArray();
    int parameters = initial.parameters().length;
    int states = state == null ? 0 : (int) ((state.length() + parameters - 1) / parameters);
    Double rate = network.getLearningRate(network.getnLayers() - 1);
    return new TrainingPlan(
        Network.of(
            initial.inputs(),
            List.of(),
            initial.classes(),
            Activation.RELU,
            0,
            Loss.SOFTMAX_CROSS_ENTROPY),
        new ConfiguredUpdater(rate == null ? 0 : rate, states),
        value(epochs()),
        value(batchSize()),
        true,
        false,
        (long) getOrDefault((Param<?>) seed()),
        value(averagingPeriod()),
        true,
        DIVERGENCE_FACTOR,
        0,
        0);
  }

  @Override
  public Dl4jClassifier copy(ParamMap extra) {
    return copyValues(new Dl4jClassifier(StageUid.announce(uid), listener), extra);
  }

  private int value(IntParam param) {
    return (int) getOrDefault((Param<?>) param);
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private void byDefault(Param param, Object value) {
    setDefault(param, value);
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private Dl4jClassifier with(Param param, Object value) {
    return (Dl4jClassifier) set(param, value);
  }
}
