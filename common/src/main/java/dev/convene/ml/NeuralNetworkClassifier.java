package dev.convene.ml;

import dev.convene.train.TrainingListener;
import org.apache.spark.ml.classification.ProbabilisticClassifier;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;

/**
 * Softmax regression and multilayer perceptrons, trained by parameter averaging.
 *
 * <p>Features are one Vector column of finite numbers; labels are classes 0, 1, ..., K - 1, where K
 * is what the label column's metadata says or else the largest label of a training row and one. The
 * rows, the Params and the BLAS in use decide every bit of the model; the cluster, the rows' order
 * and their partitions do not.
 */
public final class NeuralNetworkClassifier
    extends ProbabilisticClassifier<
        Vector, NeuralNetworkClassifier, NeuralNetworkClassificationModel>
    implements NeuralNetworkClassifierParams,
        NeuralNetworkSetters<NeuralNetworkClassifier>,
        DefaultParamsWritable {
  private static final long serialVersionUID = 1;

  private final String uid;
  private InitialParameters initialParameters;
  private transient TrainingListener listener;

  public NeuralNetworkClassifier() {
    this(StageUid.random("neuralNetworkClassifier"));
  }

  public NeuralNetworkClassifier(String uid) {
    this(StageUid.announce(uid), null, null);
  }

  private NeuralNetworkClassifier(
      String uid, InitialParameters initialParameters, TrainingListener listener) {
    this.uid = uid;
    this.initialParameters = initialParameters;
    this.listener = listener;
    setNeuralNetworkDefaults();
  }

  /** Reads what {@code write()} wrote. */
  public static MLReader<NeuralNetworkClassifier> read() {
    return MllibPersistence.estimatorReader(NeuralNetworkClassifier.class);
  }

  /** Reads what {@code save(path)} wrote. */
  public static NeuralNetworkClassifier load(String path) {
    return read().load(path);
  }

  @Override
  public String uid() {
    return uid == null ? StageUid.announced() : uid;
  }

  @Override
  public String explainParam(Param<?> param) {
    return explained(param);
  }

  /**
   * Starts from these parameters, layer by layer, weight [out][in] row-major, then bias; null: from
   * the initializer's. They are no Param: copied with the estimator, but not saved.
   */
  public NeuralNetworkClassifier setInitialParameters(float[] parameters) {
    initialParameters = parameters == null ? null : InitialParameters.of(parameters);
    return this;
  }

  /**
   * Starts from a model's parameters (a warm start) in place of {@link #setInitialParameters};
   * null: from the initializer's. The model needs the same features, outputs, hidden layers and
   * activation. It is no Param: copied with the estimator, but not saved.
   */
  public NeuralNetworkClassifier setInitialModel(NeuralNetworkClassificationModel model) {
    initialParameters = model == null ? null : InitialParameters.of(model);
    return this;
  }

  /** Tells how training goes on; null: nobody. Not saved. */
  public NeuralNetworkClassifier setTrainingListener(TrainingListener listener) {
    this.listener = listener;
    return this;
  }

  public NeuralNetworkClassifier setClassWeights(double[] value) {
    return (NeuralNetworkClassifier) set(classWeights(), value);
  }

  public NeuralNetworkClassifier setBalanceClasses(boolean value) {
    return (NeuralNetworkClassifier) set(balanceClasses(), value);
  }

  /**
   * @throws dev.convene.ConveneException (data) if a column to train on is missing or of another
   *     type
   */
  @Override
  public StructType transformSchema(StructType schema) {
    ColumnChecks columns = new ColumnChecks(schema);
    columns.requireFor(this, getFeaturesCol());
    columns.requireClassLabel(getLabelCol());
    return super.transformSchema(schema);
  }

  @Override
  public NeuralNetworkClassificationModel train(Dataset<?> dataset) {
    NetworkFitting training = new NetworkFitting(this, initialParameters, listener);
    return new NeuralNetworkClassificationModel(
        uid, training.classification(this, dataset, getFeaturesCol(), getLabelCol()));
  }

  @Override
  public NeuralNetworkClassifier copy(ParamMap extra) {
    return copyValues(
        new NeuralNetworkClassifier(StageUid.announce(uid), initialParameters, listener), extra);
  }
}
