package dev.convene.ml;

import dev.convene.train.TrainingListener;
import org.apache.spark.ml.classification.ProbabilisticClassifier;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;

/**
 * Softmax regression and multilayer perceptrons, trained by parameter averaging.
 *
 * <p>Features are one Vector column of finite numbers; labels are classes 0, 1, ..., K - 1. The
 * rows, the Params and the BLAS in use decide every bit of the model; the cluster, the rows' order
 * and their partitions do not.
 */
public final class NeuralNetworkClassifier
    extends ProbabilisticClassifier<
        Vector, NeuralNetworkClassifier, NeuralNetworkClassificationModel>
    implements NeuralNetworkSetters<NeuralNetworkClassifier>, DefaultParamsWritable {
  private static final long serialVersionUID = 1;

  private final String uid;
  private float[] initialParameters;
  private transient TrainingListener listener;

  public NeuralNetworkClassifier() {
    this(StageUid.random("neuralNetworkClassifier"));
  }

  public NeuralNetworkClassifier(String uid) {
    this(StageUid.announce(uid), null, null);
  }

  private NeuralNetworkClassifier(
      String uid, float[] initialParameters, TrainingListener listener) {
    this.uid = uid;
    this.initialParameters = initialParameters;
    this.listener = listener;
    setNeuralNetworkDefaults();
  }

  /** Reads what {@code write()} wrote. */
  public static MLReader<NeuralNetworkClassifier> read() {
    return MllibPersistence.estimatorReader();
  }

  /** Reads what {@code save(path)} wrote. */
  public static NeuralNetworkClassifier load(String path) {
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
  public NeuralNetworkClassifier setInitialParameters(float[] parameters) {
    initialParameters = parameters == null ? null : parameters.clone();
    return this;
  }

  /** Tells how training goes on; null: nobody. Not saved. */
  public NeuralNetworkClassifier setTrainingListener(TrainingListener listener) {
    this.listener = listener;
    return this;
  }

  @Override
  public NeuralNetworkClassificationModel train(Dataset<?> dataset) {
    NetworkTraining training = new NetworkTraining(this, initialParameters, listener);
    return new NeuralNetworkClassificationModel(
        uid, training.classification(dataset, getFeaturesCol(), getLabelCol()));
  }

  @Override
  public NeuralNetworkClassifier copy(ParamMap extra) {
    return copyValues(
        new NeuralNetworkClassifier(StageUid.announce(uid), initialParameters, listener), extra);
  }
}
