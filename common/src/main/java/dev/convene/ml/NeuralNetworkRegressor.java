package dev.convene.ml;

import dev.convene.train.TrainingListener;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.regression.Regressor;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;

/**
 * Linear regression and multilayer perceptrons with one linear output, trained by parameter
 * averaging to the least mean squared error.
 *
 * <p>Features are one Vector column of finite numbers; labels are finite numbers. The rows, the
 * Params and the BLAS in use decide every bit of the model; the cluster, the rows' order and their
 * partitions do not.
 */
public final class NeuralNetworkRegressor
    extends Regressor<Vector, NeuralNetworkRegressor, NeuralNetworkRegressionModel>
    implements NeuralNetworkSetters<NeuralNetworkRegressor>, DefaultParamsWritable {
  private static final long serialVersionUID = 1;

  private final String uid;
  private float[] initialParameters;
  private transient TrainingListener listener;

  public NeuralNetworkRegressor() {
    this(StageUid.random("neuralNetworkRegressor"));
  }

  public NeuralNetworkRegressor(String uid) {
    this(StageUid.announce(uid), null, null);
  }

  private NeuralNetworkRegressor(String uid, float[] initialParameters, TrainingListener listener) {
    this.uid = uid;
    this.initialParameters = initialParameters;
    this.listener = listener;
    setNeuralNetworkDefaults();
  }

  /** Reads what {@code write()} wrote. */
  public static MLReader<NeuralNetworkRegressor> read() {
    return MllibPersistence.estimatorReader();
  }

  /** Reads what {@code save(path)} wrote. */
  public static NeuralNetworkRegressor load(String path) {
    return read().load(path);
  }

  @Override
  public String uid() {
    return uid == null ? StageUid.announced() : uid;
  }

  /**
   * Starts from these parameters, layer by layer, weight [out][in] row-major, then bias; null: from
   * the initializer's. They are no Param: copied with the estimator, but not saved.
   */
  public NeuralNetworkRegressor setInitialParameters(float[] parameters) {
    initialParameters = parameters == null ? null : parameters.clone();
    return this;
  }

  /** Tells how training goes on; null: nobody. Not saved. */
  public NeuralNetworkRegressor setTrainingListener(TrainingListener listener) {
    this.listener = listener;
    return this;
  }

  @Override
  public NeuralNetworkRegressionModel train(Dataset<?> dataset) {
    NetworkTraining training = new NetworkTraining(this, initialParameters, listener);
    return new NeuralNetworkRegressionModel(
        uid, training.regression(dataset, getFeaturesCol(), getLabelCol()));
  }

  @Override
  public NeuralNetworkRegressor copy(ParamMap extra) {
    return copyValues(
        new NeuralNetworkRegressor(StageUid.announce(uid), initialParameters, listener), extra);
  }
}
