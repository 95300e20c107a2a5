package dev.convene.dl4j;

import dev.convene.ConveneException;
import dev.convene.ml.StageUid;
import dev.convene.nn.Predictions;
import dev.convene.train.EpochRecord;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.ml.classification.ProbabilisticClassificationModel;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsReader$;
import org.apache.spark.ml.util.DefaultParamsWriter$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import scala.Option;
import scala.Tuple3;

/**
 * What {@link Dl4jClassifier} has trained. It computes with DL4J, in blocks of rows. {@code
 * rawPrediction} is the logarithm of {@code probability}.
 */
public final class Dl4jClassificationModel
    extends ProbabilisticClassificationModel<Vector, Dl4jClassificationModel>
    implements MLWritable {
  private static final long serialVersionUID = 1;
  private static final int BLOCK_ROWS = 256;
  private static final StructType SCHEMA =
      StructType.fromDDL("configuration STRING, parameters BINARY, inputs INT, classes INT");

  private final String uid;
  private final Dl4jNetwork network;
  private final List<EpochRecord> history;

  Dl4jClassificationModel(String uid, Dl4jNetwork network, List<EpochRecord> history) {
    this(network, history, StageUid.announce(uid));
  }

  private Dl4jClassificationModel(Dl4jNetwork network, List<EpochRecord> history, String uid) {
    this.uid = uid;
    this.network = network;
    this.history = history;
  }

  /** Reads what {@code write()} wrote. */
  public static MLReader<Dl4jClassificationModel> read() {
    return new MLReader<>() {
      @Override
      public Dl4jClassificationModel load(String path) {
        DefaultParamsReader.Metadata metadata =
            DefaultParamsReader$.MODULE$.loadMetadata(
                path, sc(), Dl4jClassificationModel.class.getName());
        Row row = sparkSession().read().schema(SCHEMA).parquet(data(path)).head();
        Dl4jNetwork network =
            new Dl4jNetwork(
                row.getString(0), Floats.of(row.getAs(1)), row.getInt(2), row.getInt(3));
        Dl4jClassificationModel loaded =
            new Dl4jClassificationModel(metadata.uid(), network, List.of());
        metadata.getAndSetParams(loaded, Option.empty());
        return loaded;
      }
    };
  }

  /** Reads what {@code save(path)} wrote. */
  public static Dl4jClassificationModel load(String path) {
    return read().load(path);
  }

  @Override
  public MLWriter write() {
    return new MLWriter() {
      @Override
      public void saveImpl(String path) {
        DefaultParamsWriter$.MODULE$.saveMetadata(
            Dl4jClassificationModel.this, path, sc(), Option.empty(), Option.empty());
        Row row =
            RowFactory.create(
                network.json(),
                Floats.bytes(network.parameters()),
                network.inputs(),
                network.classes());
        sparkSession()
            .createDataFrame(List.of(row), SCHEMA)
            .coalesce(1)
            .write()
            .parquet(data(path));
      }
    };
  }

  @Override
  public String uid() {
    return uid == null ? StageUid.announced() : uid;
  }

  /** DL4J's JSON of the network. */
  public String configuration() {
    return network.json();
  }

  /** A copy of the parameters, in DL4J's order. */
  public float[] parameters() {
    return network.parameters().clone();
  }

  /** How training went, an element per epoch; empty after loading. */
  public List<EpochRecord> history() {
    return history;
  }

  @Override
  public int numClasses() {
    return network.classes();
  }

  @Override
  public int numFeatures() {
    return network.inputs();
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    StructType scored = transformSchema(dataset.schema());
    int features = dataset.schema().fieldIndex(getFeaturesCol());
    Dl4jNetwork sent = network;
    MapPartitionsFunction<Row, Row> scoring = rows -> new Scoring(sent, rows, features);
    return dataset.toDF().mapPartitions(scoring, Encoders.row(scored)).toDF(scored.fieldNames());
  }

  @Override
  public StructType transformSchema(StructType schema) {
    StructType checked = super.transformSchema(schema);
    StructType scored = schema;
    for (String added : List.of(getRawPredictionCol(), getProbabilityCol(), getPredictionCol())) {
      scored = scored.add(checked.apply(added));
    }
    return scored;
  }

  @Override
  public Vector predictRaw(Vector features) {
    float[] x = new float[network.inputs()];
    copy(network, features, x, 0);
    return raw(Dl4jNetwork.probabilities(network.computing(), x, 1), 0, network.classes());
  }

  @Override
  public Vector raw2probabilityInPlace(Vector raw) {
    double[] values = ((DenseVector) raw).values();
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.exp(values[i]);
    }
    return raw;
  }

  @Override
  public Dl4jClassificationModel copy(ParamMap extra) {
    return copyValues(new Dl4jClassificationModel(uid, network, history), extra)
        .setParent(parent());
  }

  // Scala's compiler erases the type; what Java sees of it cannot be written down.
  @Override
  @SuppressWarnings({"rawtypes", "unchecked"})
  public Tuple3 findSummaryModel() {
    return new Tuple3<>(this, getProbabilityCol(), getPredictionCol());
  }

  private static String data(String path) {
    return new Path(path, "data").toString();
  }

  private static void copy(Dl4jNetwork network, Vector features, float[] x, int at) {
    if (features == null || features.size() != network.inputs()) {
      throw ConveneException.data(
          "a row has %s features, but the model was trained on %s",
          features == null ? "no" : features.size(), network.inputs());
    }
    double[] values = features.toArray();
    for (int i = 0; i < values.length; i++) {
      x[at + i] = (float) values[i];
    }
  }

  private static Vector raw(float[] probabilities, int at, int classes) {
    double[] raw = new double[classes];
    for (int i = 0; i < classes; i++) {
      raw[i] = Math.log(probabilities[at + i]);
    }
    return Vectors.dense(raw);
  }

  /** Rows with what is predicted for them, block by block. */
  private static final class Scoring implements Iterator<Row> {
    private final Dl4jNetwork network;
    private final MultiLayerNetwork computing;
    private final Iterator<Row> rows;
    private final int features;
    private Iterator<Row> scored = List.<Row>of().iterator();

    Scoring(Dl4jNetwork network, Iterator<Row> rows, int features) {
      this.network = network;
      this.computing = network.computing();
      this.rows = rows;
      this.features = features;
    }

    @Override
    public boolean hasNext() {
      return scored.hasNext() || rows.hasNext();
    }

    @Override
    public Row next() {
      if (!scored.hasNext()) {
        scored = block().iterator();
      }
      return scored.next();
    }

    private List<Row> block() {
      List<Row> block = new ArrayList<>();
      while (block.size() < BLOCK_ROWS && rows.hasNext()) {
        block.add(rows.next());
      }
      float[] x = new float[block.size() * network.inputs()];
      for (int i = 0; i < block.size(); i++) {
        copy(network, block.get(i).getAs(features), x, i * network.inputs());
      }
      int classes = network.classes();
      float[] probabilities = Dl4jNetwork.probabilities(computing, x, block.size());
      for (int i = 0; i < block.size(); i++) {
        Row row = block.get(i);
        Object[] values = new Object[row.size() + 3];
        for (int j = 0; j < row.size(); j++) {
          values[j] = row.get(j);
        }
        double[] ofRow = new double[classes];
        for (int j = 0; j < classes; j++) {
          ofRow[j] = probabilities[i * classes + j];
        }
        values[row.size()] = raw(probabilities, i * classes, classes);
        values[row.size() + 1] = Vectors.dense(ofRow);
        values[row.size() + 2] =
            (double) Predictions.predictedClass(probabilities, i * classes, classes);
        block.set(i, RowFactory.create(values));
      }
      return block;
    }
  }
}
