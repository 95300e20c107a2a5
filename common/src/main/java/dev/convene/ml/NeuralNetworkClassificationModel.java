package dev.convene.ml;

import dev.convene.nn.Network;
import dev.convene.nn.Softmax;
import dev.convene.report.ClassificationMetrics;
import dev.convene.train.EpochRecord;
import java.util.List;
import org.apache.spark.ml.classification.ProbabilisticClassificationModel;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import scala.Tuple3;

/**
 * A trained classifier: {@code rawPrediction} is the network's outputs, {@code probability} their
 * softmax.
 */
public final class NeuralNetworkClassificationModel
    extends ProbabilisticClassificationModel<Vector, NeuralNetworkClassificationModel>
    implements NeuralNetworkParams, TrainedModel, MLWritable {
  private static final long serialVersionUID = 1;

  private final String uid;
  private final TrainedNetwork trained;

  NeuralNetworkClassificationModel(String uid, TrainedNetwork trained) {
    this(trained, StageUid.announce(uid));
  }

  private NeuralNetworkClassificationModel(TrainedNetwork trained, String uid) {
    this.uid = uid;
    this.trained = trained;
    setNeuralNetworkDefaults();
  }

  /** Reads what {@code write()} wrote. */
  public static MLReader<NeuralNetworkClassificationModel> read() {
    return MllibPersistence.modelReader(
        NeuralNetworkClassificationModel.class, NeuralNetworkClassificationModel::new);
  }

  /** Reads what {@code save(path)} wrote. */
  public static NeuralNetworkClassificationModel load(String path) {
    return read().load(path);
  }

  @Override
  public String uid() {
    return uid == null ? StageUid.announced() : uid;
  }

  @Override
  public int numFeatures() {
    return trained.network().inputs();
  }

  @Override
  public Network network() {
    return trained.network();
  }

  @Override
  public float[] parameters() {
    return trained.parameters().clone();
  }

  @Override
  public int trainingWorkers() {
    return trained.workers();
  }

  @Override
  public List<EpochRecord> history() {
    return trained.history();
  }

  @Override
  public ClassificationMetrics evaluate(Dataset<?> rows, String what) {
    return Evaluation.classification(
        trained, Thresholds.of(this), rows, what, getFeaturesCol(), getLabelCol());
  }

  @Override
  public int numClasses() {
    return trained.network().outputs();
  }

  @Override
  public Vector predictRaw(Vector features) {
    return Vectors.dense(trained.outputs(features));
  }

  /** Replaces outputs by their softmax. */
  @Override
  public Vector raw2probabilityInPlace(Vector rawPrediction) {
    Softmax.inPlace(((DenseVector) rawPrediction).values());
    return rawPrediction;
  }

  // Scala's compiler erases the type; what Java sees of it cannot be written down.
  @Override
  @SuppressWarnings({"rawtypes", "unchecked"})
  public Tuple3 findSummaryModel() {
    return new Tuple3<>(this, getProbabilityCol(), getPredictionCol());
  }

  @Override
  public MLWriter write() {
    return MllibPersistence.modelWriter(this, trained);
  }

  @Override
  public NeuralNetworkClassificationModel copy(ParamMap extra) {
    NeuralNetworkClassificationModel copy = new NeuralNetworkClassificationModel(uid, trained);
    return copyValues(copy, extra).setParent(parent());
  }
}
