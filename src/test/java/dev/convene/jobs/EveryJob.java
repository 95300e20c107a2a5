package dev.convene.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.ml.FeatureGroup;
import dev.convene.ml.NeuralNetworkModel;
import dev.convene.ml.PermutationImportance;
import dev.convene.testkit.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.spark.SparkEnv;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Trains, evaluates, predicts and permutes on a table with categories, missing numbers and weights,
 * and writes down all that comes out, so that two sessions can be compared.
 */
final class EveryJob {
  static final String RESULTS = "results";
  static final int ROWS = 400;

  private final Path folder;
  private final List<String> results = new ArrayList<>();

  private EveryJob(Path folder) {
    this.folder = folder;
  }

  /** Leaves {@link #RESULTS} in a folder. */
  public static void main(String... folder) throws IOException {
    LocalSpark.session();
    System.out.println("serialized by " + SparkEnv.get().serializer().getClass().getName());
    new EveryJob(Path.of(folder[0])).run();
  }

  private void run() throws IOException {
    writeTable();
    allJobs(
        "classification",
        """
        data { label = bought, categorical = [city, bought], weight = weight, stratify = true }
        data { validation-fraction = 0.2, features = [age, city, hours] }
        preprocess { scaler = robust, missing = mode, missing-indicator = true, binned.age = 5 }
        model { hidden = [8], dropout = 0.1, balance-classes = true }
        train { epochs = 30, batch-size = 16, averaging.period = 5, early-stopping.patience = 1 }
        """);
    allJobs(
        "regression",
        """
        data { label = age, categorical = [city], features = [city, hours] }
        preprocess { scaler = standard, missing = median }
        model { task = regression, hidden = [4], activation = tanh }
        train { epochs = 3, batch-size = full }
        """);
    Files.write(folder.resolve(RESULTS), results);
  }

  private void writeTable() throws IOException {
    Random random = new Random(1);
    List<String> cities = List.of("Oslo", "Rome", "Lima");
    List<String> lines = new ArrayList<>();
    for (int id = 0; id < ROWS; id++) {
      int age = 20 + random.nextInt(60);
      String city = cities.get(random.nextInt(3));
      String hours = random.nextInt(9) == 0 ? "null" : String.valueOf(random.nextInt(80));
      lines.add(
          """
          {"age": %d, "city": "%s", "hours": %s, "weight": %s, "bought": "%s"}\
          """
              .formatted(
                  age, city, hours, random.nextDouble(), age + random.nextInt(9) > 50 ? "y" : "n"));
    }
    Files.write(folder.resolve("table.json"), lines);
  }

  private void allJobs(String task, String settings) throws IOException {
    Path conf = folder.resolve(task + ".conf");
    Files.writeString(
        conf,
        """
        data { format = json, train = "%1$s/table.json", test = "%1$s/table.json" }
        train { workers = 3, optimizer.learning-rate = 0.02 }
        output.dir = "%1$s/%2$s"
        predict { input = "%1$s/table.json", output = "%1$s/%2$s-predictions" }
        %3$s\
        """
            .formatted(folder, task, settings));
    for (String job : List.of("train", "evaluate", "predict")) {
      JobRun run = JobRun.of(job, conf, List.of());
      assertThat(run.status()).as(run.stderr()).isZero();
      results.add(run.lastLine());
    }
    Path output = folder.resolve(task);
    results.addAll(Files.readAllLines(output.resolve("metrics.json")));
    for (String epoch : Files.readAllLines(output.resolve("history.jsonl"))) {
      results.add(epoch.replaceFirst("\"seconds\":[^,}]*", ""));
    }
    Dataset<Row> predictions =
        LocalSpark.session().read().parquet(folder.resolve(task + "-predictions").toString());
    predictions.collectAsList().stream().map(Row::toString).sorted().forEach(results::add);
    addImportances(output.resolve("model").toString());
  }

  private void addImportances(String path) {
    PipelineModel pipeline = PipelineModel.load(path);
    NeuralNetworkModel model =
        Stream.of(pipeline.stages())
            .filter(NeuralNetworkModel.class::isInstance)
            .map(NeuralNetworkModel.class::cast)
            .findFirst()
            .orElseThrow();
    Dataset<Row> rows =
        pipeline.transform(
            LocalSpark.session().read().json(folder.resolve("table.json").toString()));
    PermutationImportance.of(model, rows, List.of(FeatureGroup.of("first", 0)), 2, 1)
        .forEach(importance -> results.add(importance.toString()));
  }
}
