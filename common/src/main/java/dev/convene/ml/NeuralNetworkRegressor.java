package dev.convene.ml;

import dev.convene.train.TrainingListener;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.regression.Regressor;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.SchemaUtils;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;

/**
 * Linear regression and multilayer perceptrons with linear outputs, trained by parameter averaging
 * to the least mean squared error.
 *
 * <p>Features are one Vector column of finite numbers; labels are finite numbers, or Vectors of
 * them for several outputs. The rows, the Params and the BLAS in use decide every bit of the model;
 * the cluster, the rows' order and their partitions do not.
 */
public final class NeuralNetworkRegressor
    extends Regressor<Vector, NeuralNetworkRegressor, NeuralNetworkRegressionModel>
    implements NeuralNetworkSetters<NeuralNetworkRegressor>, DefaultParamsWritable {
  private static final long serialVersionUID = 1;

  private final String uid;
  private InitialParameters initialParameters;
  private transient TrainingListener listener;

  public NeuralNetworkRegressor() {
    this(StageUid.random("neuralNetworkRegressor"));
  }

  public NeuralNetworkRegressor(String uid) {
    this(StageUid.announce(uid), null, null);
  }

  private NeuralNetworkRegressor(
      String uid, InitialParameters initialParameters, TrainingListener listener) {
    this.uid = uid;
    this.initialParameters = initialParameters;
    this.listener = listener;
    setNeuralNetworkDefaults();
  }

  /** Reads what {@code write()} wrote. */
  public static MLReader<NeuralNetworkRegressor> read() {
    return MllibPersistence.estimatorReader(NeuralNetworkRegressor.class);
  }

  /** Reads what {@code save(path)} wrote. */
  public static NeuralNetworkRegressor load(String path) {
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
  public NeuralNetworkRegressor setInitialParameters(float[] parameters) {
    initialParameters = parameters == null ? null : InitialParameters.of(parameters);
    return this;
  }

  /**
   * Starts from a model's parameters (a warm start) in place of {@link #setInitialParameters};
   * null: from the initializer's. The model needs the same features, outputs, hidden layers and
   * activation. It is no Param: copied with the estimator, but not saved.
   */
  public NeuralNetworkRegressor setInitialModel(NeuralNetworkRegressionModel model) {
    initialParameters = model == null ? null : InitialParameters.of(model);
    return this;
  }

  /** Tells how training goes on; null: nobody. Not saved. */
  public NeuralNetworkRegressor setTrainingListener(TrainingListener listener) {
    this.listener = listener;
    return this;
  }

  /**
   * @throws dev.convene.ConveneException (data) if a column to train on is missing or of another
   *     type
   */
  @Override
  public StructType transformSchema(StructType schema) {
    ColumnChecks columns = new ColumnChecks(schema);
    columns.requireFor(this, getFeaturesCol());
    columns.requireTarget(getLabelCol());
    return columns.isVector(getLabelCol())
        ? SchemaUtils.appendColumn(schema, getPredictionCol(), new VectorUDT(), false)
        : super.transformSchema(schema);
  }

  @Override
  public NeuralNetworkRegressionModel fit(Dataset<?> dataset) {
    if (!new ColumnChecks(dataset.schema()).isVector(getLabelCol())) {
      return super.fit(dataset);
    }
    // MLlib's would make the label a number.
    transformSchema(dataset.schema(), true);
    NeuralNetworkRegressionModel model = train(dataset);
    return copyValues(model.setParent(this), ParamMap.empty());
  }

  @Override
  public NeuralNetworkRegressionModel train(Dataset<?> dataset) {
    NetworkFitting training = new NetworkFitting(this, initialParameters, listener);
    return new NeuralNetworkRegressionModel(
        uid, training.regression(dataset, getFeaturesCol(), getLabelCol()));
  }

  @Override
  public NeuralNetworkRegressor copy(ParamMap extra) {
    return copyValues(
        new NeuralNetworkRegressor(StageUid.announce(uid), initialParameters, listener), extra);
  }
}
