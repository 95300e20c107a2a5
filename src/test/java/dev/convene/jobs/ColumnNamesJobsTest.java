package dev.convene.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.testkit.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Any name of a column is a name, also one that is SQL to Spark or that Convene uses itself. */
@Tag("spark")
class ColumnNamesJobsTest {
  private static final int ROWS = 60;

  @TempDir Path folder;

  /** Whoever lives in Rome buys; the columns are a number, a category, a weight and the label. */
  private Path table(String number, String category, String weight, String label)
      throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(
        Stream.of(number, category, weight, label)
            .map(name -> '"' + name + '"')
            .reduce((a, b) -> a + "," + b)
            .orElseThrow());
    for (int i = 0; i < ROWS; i++) {
      String city = i % 3 == 0 ? "Rome" : "Oslo";
      lines.add("%d.5,%s,%d,%s".formatted(i, city, 1 + i % 2, i % 3 == 0 ? "yes" : "no"));
    }
    return Files.write(folder.resolve("t.csv"), lines);
  }

  private JobRun run(String job, List<String> settings) throws IOException {
    Path conf = folder.resolve("t.conf");
    Files.writeString(
        conf,
        """
        data {
          format = csv
          options.header = true
          train = "%1$s/t.csv"
          test = ${data.train}
          validation-fraction = 0.2
        }
        preprocess.scaler = standard
        train { epochs = 6, batch-size = 4, workers = 1, optimizer { name = adam, learning-rate = 0.3 } }
        output { dir = "%1$s/out", overwrite = true }
        predict { input = ${data.train}, output = "%1$s/scored", overwrite = true }
        """
            .formatted(folder));
    JobRun run = JobRun.of(job, conf, settings);
    assertThat(run.status()).as(run.stderr()).isZero();
    return run;
  }

  private static String quoted(String name) {
    return '"' + name + '"';
  }

  @ParameterizedTest
  @CsvSource({
    "Sepal.Length, c.ity, we.ight, income.class",
    "a b, x`y, *, `q`",
    "a.b.c, a.b, a, a.b.c.d",
    "indexedLabel, predictedLabel, weight, label",
    "_convene_labels, _convene_features, _convene_checked, _convene_validation",
    "Prediction, Probability, _convene_source, RawPrediction",
    "probability, rawprediction, label, Prediction",
    "assembledFeatures, scaledFeatures, features, IndexedLabel",
  })
  void everyJobTakesAnyName(String number, String category, String weight, String label)
      throws IOException {
    table(number, category, weight, label);
    List<String> settings =
        List.of(
            "data.label=" + label,
            "data.weight=" + weight,
            "data.categorical=[%s, %s]".formatted(quoted(category), quoted(label)));
    JobRun trained = run("train", settings);
    assertThat(trained.lastLine()).startsWith("accuracy 1.0000 on 60 test rows");
    assertThat(run("evaluate", settings).lastLine()).isEqualTo(trained.lastLine());
    assertThat(run("predict", settings).lastLine()).isEqualTo("predicted 60 rows");
    Dataset<Row> scored = LocalSpark.session().read().parquet(folder.resolve("scored").toString());
    assertThat(scored.columns()).startsWith(number, category, weight, label).hasSize(7);
    String predicted = scored.columns()[5];
    assertThat(
            scored
                .select(scored.col("`" + label.replace("`", "``") + "`"), scored.col(predicted))
                .distinct()
                .count())
        .isEqualTo(2);
  }

  @Test
  void namesWithDotsAreNamesInEverySetting() throws IOException {
    table("Sepal.Length", "c.ity", "w", "income.class");
    List<String> settings =
        List.of(
            "data.label=income.class",
            "data.weight=w",
            "data.derive={ \"d.x\" = \"`Sepal.Length` * 2\" }",
            "data.features=[\"Sepal.Length\", \"d.x\", \"c.ity\"]",
            "data.categorical=[\"c.ity\", \"income.class\"]",
            "preprocess.missing=mean",
            "preprocess.scaled-columns=[\"Sepal.Length\"]",
            "preprocess.hashed={ \"c.ity\" = 4 }",
            "preprocess.binned={ \"d.x\" = 3 }",
            "predict.columns=[\"Sepal.Length\", predictedLabel, \"d.x\"]");
    assertThat(run("train", settings).lastLine()).startsWith("accuracy 1.0000 on 60");
    run("predict", settings);
    Dataset<Row> scored = LocalSpark.session().read().parquet(folder.resolve("scored").toString());
    assertThat(scored.columns()).containsExactly("Sepal.Length", "predictedLabel", "d.x");
    assertThat(scored.filter("`d.x` = 2 * `Sepal.Length`").count()).isEqualTo(ROWS);
    Dataset<Row> raw =
        LocalSpark.session()
            .read()
            .option("header", true)
            .csv(folder.resolve("t.csv").toString())
            .selectExpr(
                "cast(`Sepal.Length` as double) as `Sepal.Length`",
                "2 * `Sepal.Length` as `d.x`",
                "`c.ity`",
                "`income.class`");
    Dataset<Row> byStages =
        PipelineModel.load(folder.resolve("out/model").toString()).transform(raw);
    assertThat(byStages.filter("predictedLabel = `income.class`").count()).isEqualTo(ROWS);
  }

  @Test
  void aRegressionTakesAnyNamesOfItsTargets() throws IOException {
    Files.writeString(
        folder.resolve("t.csv"),
        "\"x.1\",\"prediction\",\"_convene_labels\"\n1,2,3\n2,4,5\n3,6,7\n4,8,9\n5,1,1\n6,2,2\n");
    for (String label : List.of("prediction", "[prediction, _convene_labels]")) {
      List<String> settings =
          List.of("model.task=regression", "data.label=" + label, "data.features=[\"x.1\"]");
      JobRun trained = run("train", settings);
      assertThat(trained.lastLine()).startsWith("rmse ");
      assertThat(run("evaluate", settings).lastLine()).isEqualTo(trained.lastLine());
      run("predict", settings);
      assertThat(LocalSpark.session().read().parquet(folder.resolve("scored").toString()).columns())
          .containsExactly("x.1", "prediction", "_convene_labels", "prediction_");
    }
  }
}
