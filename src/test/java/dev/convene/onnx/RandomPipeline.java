package dev.convene.onnx;

import dev.convene.ml.NeuralNetworkClassificationModel;
import dev.convene.nn.Activation;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.LeakyRelu;
import dev.convene.nn.Loss;
import dev.convene.preprocess.Missing;
import dev.convene.preprocess.Normalizer;
import dev.convene.preprocess.PreprocessPlan;
import dev.convene.preprocess.Preprocessing;
import dev.convene.preprocess.Scaler;
import dev.convene.preprocess.UnseenCategory;
import dev.convene.testkit.LocalSpark;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A random pipeline of every kind of column, and random rows for it.
 *
 * @param seed of its rows
 */
public record RandomPipeline(
    int seed, PreprocessPlan plan, Activation activation, List<Integer> hidden) {
  public static final StructType SCHEMA =
      new StructType()
          .add("height", DataTypes.DoubleType)
          .add("visits", DataTypes.IntegerType)
          .add("member", DataTypes.BooleanType)
          .add("gain", DataTypes.DoubleType)
          .add("x", SQLDataTypes.VectorType())
          .add("city.name", DataTypes.StringType)
          .add("zip", DataTypes.LongType)
          .add("word", DataTypes.StringType);
  private static final Set<String> CATEGORICAL = Set.of("city.name", "zip", "word");
  public static final List<String> FEATURES = List.of(SCHEMA.fieldNames());

  /** Each scaler with each activation, the rest at random. */
  public static List<RandomPipeline> cases() {
    List<Activation> activations = new ArrayList<>(Activation.ALL);
    activations.add(new LeakyRelu(0.2));
    List<RandomPipeline> cases = new ArrayList<>();
    for (Scaler scaler : Scaler.values()) {
      for (Activation activation : activations) {
        cases.add(of(cases.size(), scaler, activation));
      }
    }
    return cases;
  }

  /** One of a scaler and an activation, the rest at random. */
  public static RandomPipeline of(int seed, Scaler scaler, Activation activation) {
    Random random = new Random(seed);
    Missing missing = Missing.values()[seed % Missing.values().length];
    boolean keeps = random.nextInt(4) > 0;
    PreprocessPlan.Builder plan =
        PreprocessPlan.builder()
            .divideBy(random.nextBoolean() ? 1 : 7)
            .scaler(scaler)
            .normalizer(Normalizer.values()[random.nextInt(Normalizer.values().length)])
            .missing(missing)
            .missingConstant(-1.5)
            .missingIndicator(missing != Missing.ERROR && random.nextBoolean())
            .unseenCategory(keeps ? UnseenCategory.KEEP : UnseenCategory.ERROR)
            .minCategoryCount(keeps ? 1 + random.nextInt(4) : 1);
    if (random.nextBoolean()) {
      plan.hashed(Map.of("word", 1 + random.nextInt(100)));
    }
    if (random.nextBoolean()) {
      plan.binned(Map.of("gain", 2 + random.nextInt(9)));
    } else if (scaler != Scaler.NONE && random.nextBoolean()) {
      plan.scaledColumns(List.of("height"));
    }
    List<Integer> hidden = random.nextBoolean() ? List.of(5) : List.of(6, 4);
    return new RandomPipeline(seed, plan.build(), activation, hidden);
  }

  /** Its preprocessing, fitted to rows of its own. */
  public Preprocessing fitted() {
    return Preprocessing.fit(
        dataset(randomRows(80, seed, hasGaps(), 0)), FEATURES, CATEGORICAL, plan);
  }

  private boolean hasGaps() {
    return plan.missing() != Missing.ERROR;
  }

  private boolean knowsAll() {
    return plan.unseenCategory() == UnseenCategory.ERROR;
  }

  /** Rows with other categories and gaps, if the pipeline allows them. */
  public List<Row> unseenRows() {
    return knowsAll()
        ? randomRows(80, seed, hasGaps(), 0)
        : randomRows(40, seed + 1000, hasGaps(), 3);
  }

  public NeuralNetworkClassificationModel classifier(Preprocessing preprocessing, int classes) {
    DenseNetwork network = network(preprocessing, classes, Loss.SOFTMAX_CROSS_ENTROPY);
    NeuralNetworkClassificationModel model =
        NeuralNetworkClassificationModel.of(network, parameters(network));
    model.setFeaturesCol(preprocessing.outputColumn());
    return model;
  }

  public DenseNetwork network(Preprocessing preprocessing, int outputs, Loss loss) {
    Dataset<Row> one = preprocessing.transform(dataset(randomRows(1, seed, false, 0)));
    Vector features = one.select(preprocessing.outputColumn()).head().getAs(0);
    return DenseNetwork.of(features.size(), hidden, outputs, activation, 0.3, loss);
  }

  public static float[] parameters(DenseNetwork network) {
    Random random = new Random(network.parameterCount());
    float[] parameters = new float[network.parameterCount()];
    for (int p = 0; p < parameters.length; p++) {
      parameters[p] = (float) (random.nextGaussian() / 2);
    }
    return parameters;
  }

  /**
   * Numbers that float32 holds.
   *
   * @param hasGaps whether numbers and categories may be missing
   * @param shift of categories: how many are others than those of 0
   */
  public static List<Row> randomRows(int count, int seed, boolean hasGaps, int shift) {
    Random random = new Random(seed);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Vector x = Vectors.dense((float) random.nextGaussian(), random.nextInt(3) == 0 ? 1 : 0, 0, 2);
      rows.add(
          RowFactory.create(
              gap(hasGaps, random) ? Double.NaN : (double) (float) random.nextGaussian(),
              gap(hasGaps, random) ? null : random.nextInt(5),
              gap(hasGaps, random) ? null : random.nextBoolean(),
              random.nextInt(3) > 0 ? 0.0 : (double) random.nextInt(1000),
              random.nextBoolean() ? x : x.toSparse(),
              gap(hasGaps && shift > 0, random) ? null : "city " + (shift + random.nextInt(6)),
              gap(hasGaps && shift > 0, random) ? null : (Long) (long) (shift + random.nextInt(12)),
              gap(hasGaps && shift > 0, random) ? null : "wörd " + random.nextInt(30)));
    }
    return rows;
  }

  private static boolean gap(boolean allowed, Random random) {
    return allowed && random.nextInt(8) == 0;
  }

  public static Dataset<Row> dataset(List<Row> rows) {
    return LocalSpark.session().createDataFrame(rows, SCHEMA);
  }
}
