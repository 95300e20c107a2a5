package dev.convene.ml;

import static org.apache.spark.sql.functions.input_file_name;
import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.nn.Activation;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.Initializer;
import dev.convene.nn.Loss;
import dev.convene.testkit.LocalSpark;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code transform} adds is to Spark a projection: all else is what it was, as with MLlib. */
@Tag("spark")
class ScoredColumnsTest {
  private static final String SCORED_IN_BLOCKS = "BlockScoring features";

  @TempDir Path folder;

  private static NeuralNetworkClassificationModel model() {
    DenseNetwork network =
        DenseNetwork.of(4, List.of(7), 3, Activation.TANH, 0, Loss.SOFTMAX_CROSS_ENTROPY);
    return ModelOfParameters.classifier(network, Initializer.NORMAL.initialParameters(network, 5));
  }

  private static Dataset<Row> rows(int count) {
    return Rows.in(2, Rows.classes(count, 3)).withColumn("id", functions.expr("uuid()")).cache();
  }

  private static String plan(Dataset<Row> rows) {
    return rows.queryExecution().executedPlan().toString();
  }

  @Test
  void aColumnOfTheRowsIsOneOfTheScoredRows() {
    Dataset<Row> rows = rows(600);
    Dataset<Row> scored = model().transform(rows);

    List<Row> asked = scored.select(rows.col("id"), rows.col("label")).collectAsList();
    List<Row> best =
        scored
            .filter(rows.col("label").equalTo(1).and(scored.col("prediction").geq(0)))
            .select(rows.col("id"))
            .collectAsList();

    assertThat(asked).isEqualTo(rows.select("id", "label").collectAsList());
    assertThat(best).isEqualTo(rows.filter("label = 1").select("id").collectAsList());
  }

  @Test
  void scoredRowsAreJoinedWithTheRowsAndWithThemselves() {
    Dataset<Row> rows = rows(300);
    Dataset<Row> scored = model().transform(rows);
    Dataset<Row> named = scored.select("id", "prediction").withColumnRenamed("prediction", "p");

    long withRows = rows.join(scored.select("id", "prediction"), "id").count();
    Dataset<Row> withItself = scored.join(named, "id").filter("prediction = p");

    assertThat(withRows).isEqualTo(300);
    assertThat(withItself.count()).isEqualTo(300);
  }

  @Test
  void aRowKeepsTheFileItCameFrom() {
    String path = folder.resolve("rows").toString();
    // Files of 1 to 600 rows, which one task reads: blocks begin and end within them.
    Rows.in(1, Rows.classes(700, 3))
        .withColumn("file", functions.expr("if(label = 0, 'a', if(label = 1, 'b', 'c'))"))
        .union(Rows.in(1, Rows.classes(1, 3)).withColumn("file", functions.lit("one")))
        .write()
        .partitionBy("file")
        .parquet(path);
    Dataset<Row> read = LocalSpark.session().read().parquet(path).coalesce(1);
    Dataset<Row> rows = read.withColumn("before", input_file_name());

    for (Model<?> model : List.of(model(), new LogisticRegression().setMaxIter(1).fit(rows))) {
      Dataset<Row> scored = model.transform(rows).withColumn("after", input_file_name());
      assertThat(scored.filter("prediction >= 0").count()).isEqualTo(701);
      assertThat(scored.filter("prediction >= 0 and before = after").count()).isEqualTo(701);
      assertThat(scored.filter("prediction >= 0").select("after").distinct().count()).isEqualTo(4);
    }
  }

  @Test
  void aFilesMetadataCanBeAskedForAfterwards() {
    String path = folder.resolve("rows").toString();
    Rows.in(3, Rows.classes(700, 3)).write().parquet(path);
    Dataset<Row> rows = LocalSpark.session().read().parquet(path);

    Dataset<Row> scored = model().transform(rows);

    assertThat(
            scored
                .selectExpr(
                    "prediction", "_metadata.file_name as name", "input_file_name() as path")
                .filter("prediction >= 0 and path like concat('%', name)")
                .count())
        .isEqualTo(700);
    assertThat(scored.select(rows.col("_metadata.file_path")).distinct().count()).isEqualTo(3);
  }

  @Test
  void onlyColumnsThatAreAskedForAreComputed() {
    Dataset<Row> scored = model().transform(rows(30));

    assertThat(plan(scored.select("prediction"))).contains(SCORED_IN_BLOCKS);
    assertThat(plan(scored.select("prediction"))).doesNotContain("probability", "rawPrediction");
    assertThat(plan(scored.select("id"))).doesNotContain(SCORED_IN_BLOCKS);
    assertThat(plan(scored.filter("prediction = 1").groupBy("label").count()))
        .containsOnlyOnce(SCORED_IN_BLOCKS);
  }

  @Test
  void whatIsCachedIsNotScoredAgain() {
    Dataset<Row> scored = model().transform(rows(30)).cache();
    scored.count();

    assertThat(plan(scored.select("prediction"))).contains("InMemoryTableScan");
    scored.unpersist();
  }

  @Test
  void anotherSessionScoresAGlobalViewToo() {
    Dataset<Row> rows = rows(30);
    model().transform(rows).createOrReplaceGlobalTempView("scored_rows");

    List<Row> there =
        LocalSpark.session()
            .newSession()
            .sql("select id, prediction from global_temp.scored_rows")
            .collectAsList();

    assertThat(there).isEqualTo(model().transform(rows).select("id", "prediction").collectAsList());
  }
}
