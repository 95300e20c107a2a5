package dev.convene.ml;

import dev.convene.ConveneException;
import dev.convene.nn.Network;
import dev.convene.report.Evaluated;
import dev.convene.report.RegressionMetrics;
import java.util.List;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.regression.RegressionModel;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * A trained regression network. {@code prediction} is a number, or a Vector if there are several
 * outputs.
 *
 * @since 0.1.0
 */
public final class NeuralNetworkRegressionModel
    extends RegressionModel<Vector, NeuralNetworkRegressionModel> implements NeuralNetworkModel {
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

  /**
   * A model that was trained elsewhere: without history.
   *
   * @param parameters as many as the network has, in the order that it defines
   */
  public static NeuralNetworkRegressionModel of(Network network, float[] parameters) {
    return new NeuralNetworkRegressionModel(
        StageUid.random("neuralNetworkRegressor"),
        TrainedNetwork.trainedElsewhere(network, parameters));
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
    return StageUid.orAnnounced(uid);
  }

  @Override
  public String explainParam(Param<?> param) {
    return explained(param);
  }

  @Override
  public TrainedNetwork trained() {
    return trained;
  }

  @Override
  public int numFeatures() {
    return trained.network().inputs();
  }

  @Override
  public RegressionMetrics evaluate(Dataset<?> rows, String name) {
    return (RegressionMetrics) evaluate(rows, name, SampledColumns.NONE).metrics();
  }

  @Override
  public Evaluated evaluate(Dataset<?> rows, String name, SampledColumns sampled) {
    return Evaluation.regression(trained, rows, name, getFeaturesCol(), getLabelCol(), sampled);
  }

  /**
   * Adds {@code prediction}, unless its name is empty. Rows are scored in blocks when an action
   * asks for them; one whose features are null, not finite or of another number ends it with a
   * {@link ConveneException}.
   */
  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    StructType scored = transformSchema(dataset.schema());
    if (getPredictionCol().isEmpty()) {
      return dataset.toDF();
    }
    OutputColumn prediction = hasOneOutput() ? OutputColumn.number() : OutputColumn.outputs();
    return DatasetScoring.score(trained, dataset, getFeaturesCol(), scored, List.of(prediction));
  }

  @Override
  public StructType transformSchema(StructType schema) {
    trained.requireInputs(schema, getFeaturesCol());
    StructType withNumber = FeatureVectors.schema(schema, getFeaturesCol(), super::transformSchema);
    if (hasOneOutput() || getPredictionCol().isEmpty()) {
      return withNumber;
    }
    return schema.add(
        OutputNames.group(getPredictionCol(), outputNames(), trained.network().outputs())
            .toStructField());
  }

  /**
   * The names that several outputs have by the metadata of the label's column that they were
   * trained on, in their order; empty if they have none.
   */
  public List<String> outputNames() {
    return trained.outputNames();
  }

  private boolean hasOneOutput() {
    return trained.network().outputs() == 1;
  }

  /**
   * The one output for a row.
   *
   * @throws UnsupportedOperationException if there are several: see {@link #predictOutputs}
   */
  @Override
  public double predict(Vector features) {
    if (!hasOneOutput()) {
      throw new UnsupportedOperationException(
          "the model has %s outputs: call predictOutputs".formatted(trained.network().outputs()));
    }
    return trained.outputs(features)[0];
  }

  /** All outputs for a row. */
  public Vector predictOutputs(Vector features) {
    return Vectors.dense(trained.outputs(features));
  }

  @Override
  public NeuralNetworkRegressionModel copy(ParamMap extra) {
    NeuralNetworkRegressionModel copy = new NeuralNetworkRegressionModel(uid, trained);
    return copyValues(copy, extra).setParent(parent());
  }
}
