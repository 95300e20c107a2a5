package dev.convene.ml;

import org.apache.spark.ml.classification.ProbabilisticClassifier;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;

/**
 * Softmax regression and multilayer perceptrons, trained by parameter averaging.
 *
 * <p>Features are one column of Vectors, or of arrays, of finite numbers; labels are classes 0, 1,
 * ..., K - 1, where K is what the label column's metadata says or else the largest label of a
 * training row and one. The rows, the Params and the BLAS in use decide every bit of the model; the
 * cluster, the rows' order and their partitions do not.
 *
 * @since 0.1.0
 */
public final class NeuralNetworkClassifier
    extends ProbabilisticClassifier<
        Vector, NeuralNetworkClassifier, NeuralNetworkClassificationModel>
    implements NeuralNetworkClassifierParams,
        NeuralNetworkEstimator<NeuralNetworkClassifier, NeuralNetworkClassificationModel> {
  private static final long serialVersionUID = 1;

  private final String uid;
  private FitOptions fitOptions;

  public NeuralNetworkClassifier() {
    this(StageUid.random("neuralNetworkClassifier"));
  }

  public NeuralNetworkClassifier(String uid) {
    this(StageUid.announce(uid), FitOptions.DEFAULT);
  }

  private NeuralNetworkClassifier(String uid, FitOptions fitOptions) {
    this.uid = uid;
    this.fitOptions = fitOptions;
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
  public NeuralNetworkClassifier setFitOptions(FitOptions options) {
    fitOptions = options;
    return this;
  }

  public NeuralNetworkClassifier setClassWeights(double[] value) {
    return (NeuralNetworkClassifier) set(classWeights(), value);
  }

  public NeuralNetworkClassifier setBalanceClasses(boolean value) {
    return (NeuralNetworkClassifier) set(balanceClasses(), value);
  }

  public NeuralNetworkClassifier setLabelSmoothing(double value) {
    return (NeuralNetworkClassifier) set(labelSmoothing(), value);
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
    return FeatureVectors.schema(schema, getFeaturesCol(), super::transformSchema);
  }

  @Override
  public NeuralNetworkClassificationModel train(Dataset<?> dataset) {
    NetworkFitting fitting = new NetworkFitting(this, fitOptions);
    return new NeuralNetworkClassificationModel(uid, fitting.train(rows(fitting, dataset)));
  }

  @Override
  public DealtRows deal(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    NetworkFitting fitting = new NetworkFitting(this, fitOptions);
    return fitting.deal(rows(fitting, dataset));
  }

  private FitRows rows(NetworkFitting fitting, Dataset<?> dataset) {
    return fitting.classification(this, dataset, getFeaturesCol(), getLabelCol());
  }

  @Override
  public NeuralNetworkClassifier copy(ParamMap extra) {
    return copyValues(new NeuralNetworkClassifier(StageUid.announce(uid), fitOptions), extra);
  }
}
