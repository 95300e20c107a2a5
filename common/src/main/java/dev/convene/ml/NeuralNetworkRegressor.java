package dev.convene.ml;

import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.regression.Regressor;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.SchemaUtils;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;

/**
 * Linear regression and multilayer perceptrons with linear outputs, trained by parameter averaging
 * to the least mean squared error.
 *
 * <p>Features are one column of Vectors, or of arrays, of finite numbers; labels are finite
 * numbers, or Vectors of them for several outputs. The rows, the Params and the BLAS in use decide
 * every bit of the model; the cluster, the rows' order and their partitions do not.
 *
 * @since 0.1.0
 */
public final class NeuralNetworkRegressor
    extends Regressor<Vector, NeuralNetworkRegressor, NeuralNetworkRegressionModel>
    implements NeuralNetworkEstimator<NeuralNetworkRegressor, NeuralNetworkRegressionModel> {
  private static final long serialVersionUID = 1;

  private final String uid;
  private FitOptions fitOptions;

  public NeuralNetworkRegressor() {
    this(StageUid.random("neuralNetworkRegressor"));
  }

  public NeuralNetworkRegressor(String uid) {
    this(StageUid.announce(uid), FitOptions.DEFAULT);
  }

  private NeuralNetworkRegressor(String uid, FitOptions fitOptions) {
    this.uid = uid;
    this.fitOptions = fitOptions;
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
    return StageUid.orAnnounced(uid);
  }

  @Override
  public String explainParam(Param<?> param) {
    return explained(param);
  }

  @Override
  public FitOptions fitOptions() {
    return fitOptions;
  }

  @Override
  public NeuralNetworkRegressor setFitOptions(FitOptions options) {
    fitOptions = options;
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
        : FeatureVectors.schema(schema, getFeaturesCol(), super::transformSchema);
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
    NetworkFitting fitting = new NetworkFitting(this, fitOptions);
    return new NeuralNetworkRegressionModel(uid, fitting.train(rows(fitting, dataset)));
  }

  @Override
  public DealtRows deal(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    NetworkFitting fitting = new NetworkFitting(this, fitOptions);
    return fitting.deal(rows(fitting, dataset));
  }

  private FitRows rows(NetworkFitting fitting, Dataset<?> dataset) {
    return fitting.regression(dataset, getFeaturesCol(), getLabelCol());
  }

  @Override
  public NeuralNetworkRegressor copy(ParamMap extra) {
    return copyValues(new NeuralNetworkRegressor(StageUid.announce(uid), fitOptions), extra);
  }
}
