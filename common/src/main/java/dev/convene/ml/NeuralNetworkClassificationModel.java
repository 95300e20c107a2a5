package dev.convene.ml;

import dev.convene.ConveneException;
import dev.convene.nn.Network;
import dev.convene.nn.Softmax;
import dev.convene.report.ClassificationMetrics;
import dev.convene.report.Evaluated;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.classification.ProbabilisticClassificationModel;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import scala.Tuple3;

/**
 * A trained classifier: {@code rawPrediction} is the network's outputs, {@code probability} their
 * softmax.
 *
 * @since 0.1.0
 */
public final class NeuralNetworkClassificationModel
    extends ProbabilisticClassificationModel<Vector, NeuralNetworkClassificationModel>
    implements NeuralNetworkClassifierParams, NeuralNetworkModel {
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

  /**
   * A model that was trained elsewhere: without history.
   *
   * @param parameters as many as the network has, in the order that it defines
   */
  public static NeuralNetworkClassificationModel of(Network network, float[] parameters) {
    return new NeuralNetworkClassificationModel(
        StageUid.random("neuralNetworkClassifier"),
        TrainedNetwork.trainedElsewhere(network, parameters));
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
  public ClassificationMetrics evaluate(Dataset<?> rows, String name) {
    return (ClassificationMetrics) evaluate(rows, name, SampledColumns.NONE).metrics();
  }

  @Override
  public Evaluated evaluate(Dataset<?> rows, String name, SampledColumns sampled) {
    return Evaluation.classification(
        trained,
        Thresholds.of(this, numClasses()),
        rows,
        name,
        getFeaturesCol(),
        getLabelCol(),
        sampled);
  }

  /**
   * Adds {@code rawPrediction}, {@code probability} and {@code prediction}, unless their names are
   * empty. Rows are scored in blocks when an action asks for them; one whose features are null, not
   * finite or of another number ends it with a {@link ConveneException}.
   */
  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    StructType scored = transformSchema(dataset.schema());
    if (isDefined(thresholds()) && getThresholds().length != numClasses()) {
      throw new IllegalArgumentException(
          "NeuralNetworkClassificationModel.transform() called with non-matching numClasses and"
              + " thresholds.length. numClasses=%s, but thresholds has length %s"
                  .formatted(numClasses(), getThresholds().length));
    }
    List<OutputColumn> columns = new ArrayList<>();
    if (!getRawPredictionCol().isEmpty()) {
      columns.add(OutputColumn.outputs());
    }
    if (!getProbabilityCol().isEmpty()) {
      columns.add(OutputColumn.probability());
    }
    if (!getPredictionCol().isEmpty()) {
      columns.add(OutputColumn.predictedClass(Thresholds.of(this, numClasses())));
    }
    return DatasetScoring.score(trained, dataset, getFeaturesCol(), scored, columns);
  }

  /** The columns in the order in which {@code transform} adds them. */
  @Override
  public StructType transformSchema(StructType schema) {
    trained.requireInputs(schema, getFeaturesCol());
    StructType unordered = FeatureVectors.schema(schema, getFeaturesCol(), super::transformSchema);
    StructType scored = schema;
    for (String added : List.of(getRawPredictionCol(), getProbabilityCol(), getPredictionCol())) {
      if (!added.isEmpty()) {
        scored = scored.add(unordered.apply(added));
      }
    }
    return scored;
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
  public NeuralNetworkClassificationModel copy(ParamMap extra) {
    NeuralNetworkClassificationModel copy = new NeuralNetworkClassificationModel(uid, trained);
    return copyValues(copy, extra).setParent(parent());
  }
}
