package dev.convene.benchmark;

import com.sun.management.OperatingSystemMXBean;
import dev.convene.blas.BlasPlugin;
import dev.convene.blas.NativeBlas;
import dev.convene.ml.ModelOfParameters;
import dev.convene.nn.Activation;
import dev.convene.nn.DenseLayer;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.Initializer;
import dev.convene.nn.Loss;
import dev.convene.preprocess.Preprocessing;
import dev.ludovic.netlib.blas.NativeBLAS;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.classification.MultilayerPerceptronClassificationModel;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/**
 * Rows per second that {@code transform} scores in local[1]: MLlib's multilayer perceptron and
 * Convene's, both on native BLAS, in turns. MLlib's hidden units are sigmoid: Convene is shown with
 * its default, ReLU, and with MLlib's own network.
 */
final class ScoreBesideMllib {
  private static final String MLLIB = "MLlib (sigmoid)";
  private static final String SAME_NETWORK = "Convene (sigmoid)";

  private ScoreBesideMllib() {}

  /**
   * Measures and prints.
   *
   * @param arguments the number of rounds to measure, after one to warm up; then names of cases,
   *     all without one
   */
  public static void main(String[] arguments) {
    int rounds = Integer.parseInt(arguments[0]);
    List<ScoringCase> cases =
        arguments.length > 1
            ? Arrays.stream(arguments).skip(1).map(ScoreBesideMllib::named).toList()
            : List.of(ScoringCase.values());
    SparkSession spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", false)
            .config("spark.plugins", BlasPlugin.class.getName())
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate();
    System.out.printf(
        "BLAS: Convene %s; MLlib %s of the same library%n",
        NativeBlas.load().describe(), NativeBLAS.getInstance().getClass().getSimpleName());
    System.out.printf(
        "%-12s %-18s %10s %12s %12s %8s %8s%n",
        "case", "model", "rows", "rows/s", "rows/CPU-s", "ratio", "CPU");
    cases.forEach(scored -> measure(scored, spark, rounds));
    spark.stop();
  }

  private static ScoringCase named(String name) {
    return ScoringCase.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  private static void measure(ScoringCase scored, SparkSession spark, int rounds) {
    Dataset<Row> rows = scored.dataset(spark).persist(StorageLevel.MEMORY_ONLY());
    PipelineModel preprocessing = scored.preprocessing(rows);
    Map<String, UnaryOperator<Dataset<Row>>> models = models(scored, preprocessing);
    requireSamePredictions(rows.limit(1000), models);
    Map<String, List<Cost>> costs = new LinkedHashMap<>();
    for (int round = 0; round <= rounds; round++) {
      for (var model : models.entrySet()) {
        Cost cost = Cost.of(() -> run(model.getValue().apply(rows)));
        if (round > 0) {
          costs.computeIfAbsent(model.getKey(), name -> new ArrayList<>()).add(cost);
        }
      }
    }
    rows.unpersist(true);
    Cost mllib = Cost.median(costs.get(MLLIB));
    costs.forEach(
        (model, all) -> {
          Cost cost = Cost.median(all);
          System.out.printf(
              Locale.ROOT,
              "%-12s %-18s %10d %12.0f %12.0f %8.2f %8.2f%n",
              scored.name().toLowerCase(Locale.ROOT).replace('_', '-'),
              model,
              scored.rows,
              scored.rows / cost.seconds,
              scored.rows / cost.cpuSeconds,
              mllib.seconds / cost.seconds,
              mllib.cpuSeconds / cost.cpuSeconds);
        });
  }

  /** From the case's rows to scored ones. */
  private static Map<String, UnaryOperator<Dataset<Row>>> models(
      ScoringCase scored, PipelineModel preprocessing) {
    DenseNetwork relu = network(scored, Activation.RELU);
    float[] parameters = Initializer.XAVIER.initialParameters(relu, 1);
    var mllib =
        new MultilayerPerceptronClassificationModel(
            "mllib", Vectors.dense(mllibParameters(relu, parameters)));
    mllib.set(mllib.layers(), scored.widths());
    var convene = ModelOfParameters.classifier(relu, parameters);
    var sameNetwork = ModelOfParameters.classifier(network(scored, Activation.SIGMOID), parameters);
    // As Convene's jobs do it.
    UnaryOperator<Dataset<Row>> toFeatures =
        Preprocessing.of(List.of(preprocessing.stages()), convene.getFeaturesCol())::transform;
    Map<String, UnaryOperator<Dataset<Row>>> models = new LinkedHashMap<>();
    models.put("(MLlib's features)", preprocessing::transform);
    models.put("(our features)", toFeatures);
    models.put(MLLIB, rows -> mllib.transform(preprocessing.transform(rows)));
    models.put("Convene (relu)", rows -> convene.transform(toFeatures.apply(rows)));
    models.put(SAME_NETWORK, rows -> sameNetwork.transform(toFeatures.apply(rows)));
    return models;
  }

  private static DenseNetwork network(ScoringCase scored, Activation activation) {
    int[] widths = scored.widths();
    int last = widths.length - 1;
    List<Integer> hidden = Arrays.stream(widths, 1, last).boxed().toList();
    return DenseNetwork.of(
        widths[0], hidden, widths[last], activation, 0, Loss.SOFTMAX_CROSS_ENTROPY);
  }

  /** MLlib has each weight matrix [in][out], where ours is [out][in]. */
  private static double[] mllibParameters(DenseNetwork network, float[] parameters) {
    double[] theirs = new double[parameters.length];
    for (DenseLayer layer : network.layers()) {
      int weights = layer.inputs() * layer.outputs();
      for (int i = 0; i < weights; i++) {
        int in = i % layer.inputs();
        int out = i / layer.inputs();
        theirs[layer.offset() + in * layer.outputs() + out] = parameters[layer.offset() + i];
      }
      for (int i = weights; i < weights + layer.outputs(); i++) {
        theirs[layer.offset() + i] = parameters[layer.offset() + i];
      }
    }
    return theirs;
  }

  /** The two really compute the same. */
  private static void requireSamePredictions(
      Dataset<Row> rows, Map<String, UnaryOperator<Dataset<Row>>> models) {
    List<Row> theirs = models.get(MLLIB).apply(rows).select("probability").collectAsList();
    List<Row> ours = models.get(SAME_NETWORK).apply(rows).select("probability").collectAsList();
    for (int i = 0; i < theirs.size(); i++) {
      double distance = Math.sqrt(Vectors.sqdist(theirs.get(i).getAs(0), ours.get(i).getAs(0)));
      if (!(distance < 1e-5)) {
        throw new IllegalStateException("row " + i + " differs by " + distance);
      }
    }
  }

  private static void run(Dataset<Row> rows) {
    rows.write().format("noop").mode("overwrite").save();
  }

  /** Of one pass over all rows; CPU time is the whole process's, garbage collection included. */
  private record Cost(double seconds, double cpuSeconds) {
    private static final OperatingSystemMXBean PROCESS =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    static Cost of(Runnable pass) {
      long start = System.nanoTime();
      long cpuStart = PROCESS.getProcessCpuTime();
      pass.run();
      return new Cost(
          (System.nanoTime() - start) / 1e9, (PROCESS.getProcessCpuTime() - cpuStart) / 1e9);
    }

    static Cost median(List<Cost> costs) {
      int middle = costs.size() / 2;
      return new Cost(
          costs.stream().mapToDouble(Cost::seconds).sorted().toArray()[middle],
          costs.stream().mapToDouble(Cost::cpuSeconds).sorted().toArray()[middle]);
    }
  }
}
