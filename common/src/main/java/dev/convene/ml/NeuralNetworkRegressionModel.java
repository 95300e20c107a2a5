package dev.convene.ml;

import dev.convene.nn.Network;
import dev.convene.report.RegressionMetrics;
import dev.convene.train.EpochRecord;
import java.util.List;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.regression.RegressionModel;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;

/** A trained regression network with one output. */
public final class NeuralNetworkRegressionModel
    extends RegressionModel<Vector, NeuralNetworkRegressionModel>
    implements NeuralNetworkParams, TrainedModel, MLWritable {
  private static final long serialVersionUID = 1;

  private final String uid;
  private final TrainedNetwork trained;

  NeuralNetworkRegressionModel(String uid, TrainedNetwork trained) {
    this(trained, StageUid.announce(uid));
  }

  private NeuralNetworkRegressionModel(TrainedNetwork trained, String uid) {
    this.uid = uid;
    this.trained = trained;
    setNeuralNetworkDefaults();
  }

  /** Reads what {@code write()} wrote. */
  public static MLReader<NeuralNetworkRegressionModel> read() {
    return MllibPersistence.modelReader(
        NeuralNetworkRegressionModel.class, NeuralNetworkRegressionModel::new);
  }

  /** Reads what {@code save(path)} wrote. */
  public static NeuralNetworkRegressionModel load(String path) {
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
  public RegressionMetrics evaluate(Dataset<?> rows, String what) {
    return Evaluation.regression(trained, rows, what, getFeaturesCol(), getLabelCol());
  }

  @Override
  public double predict(Vector features) {
    return trained.outputs(features)[0];
  }

  @Override
  public MLWriter write() {
    return MllibPersistence.modelWriter(this, trained);
  }

  @Override
  public NeuralNetworkRegressionModel copy(ParamMap extra) {
    NeuralNetworkRegressionModel copy = new NeuralNetworkRegressionModel(uid, trained);
    return copyValues(copy, extra).setParent(parent());
  }
}
