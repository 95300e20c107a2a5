package dev.convene.ml;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.convene.ConveneException;
import dev.convene.nn.Activation;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.Initializer;
import dev.convene.nn.Loss;
import dev.convene.testkit.LocalSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the models' {@code transform} scores: the columns that it adds, and what it leaves alone. */
@Tag("spark")
class DatasetScoringTest {
  private static final int FEATURES = 5;
  private static final int CLASSES = 3;

  /** A prime, of several blocks. */
  private static final int ROWS = 1009;

  @TempDir Path folder;

  private static TrainedNetwork network(int inputs, int outputs, Loss loss) {
    DenseNetwork network = DenseNetwork.of(inputs, List.of(7), outputs, Activation.TANH, 0, loss);
    return new TrainedNetwork(
        network, Initializer.NORMAL.initialParameters(network, 5), 1, List.of());
  }

  private static NeuralNetworkClassificationModel classifier() {
    return new NeuralNetworkClassificationModel(
        "classifier", network(FEATURES, CLASSES, Loss.SOFTMAX_CROSS_ENTROPY));
  }

  private static NeuralNetworkRegressionModel regressor(int outputs) {
    return new NeuralNetworkRegressionModel(
        "regressor", network(FEATURES, outputs, Loss.MEAN_SQUARED_ERROR));
  }

  /** Every third row is sparse; the label is the row's place. */
  private static List<Row> rows(int count) {
    Random random = new Random(31);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double[] x = new double[FEATURES];
      for (int j = 0; j < FEATURES; j++) {
        x[j] = random.nextInt(3) == 0 ? 0 : random.nextGaussian();
      }
      Vector dense = Vectors.dense(x);
      rows.add(RowFactory.create(i % 3 == 0 ? dense.toSparse() : dense, (double) i, i % 2 == 0));
    }
    return rows;
  }

  private static void assertClose(Vector actual, Vector expected) {
    assertThat(actual.size()).isEqualTo(expected.size());
    for (int i = 0; i < expected.size(); i++) {
      assertThat(actual.apply(i)).isCloseTo(expected.apply(i), withinPercentage(1e-4));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 13})
  void scoresEveryRowOnceInItsPlaceAsPredictDoes(int partitions) {
    NeuralNetworkClassificationModel model = classifier();

    List<Row> scored = model.transform(Rows.in(partitions, rows(ROWS))).collectAsList();

    assertThat(scored).hasSize(ROWS);
    for (int i = 0; i < ROWS; i++) {
      Row row = scored.get(i);
      Vector features = row.getAs("features");
      Vector raw = model.predictRaw(features);
      assertThat(row.<Double>getAs("label")).isEqualTo(i);
      assertClose(row.getAs("rawPrediction"), raw);
      assertClose(row.getAs("probability"), model.predictProbability(features));
      assertThat(row.<Double>getAs("prediction")).isEqualTo(model.predict(features));
    }
  }

  @Test
  void emptyPartitionsAndNoRowsGiveNone() {
    NeuralNetworkClassificationModel model = classifier();

    assertThat(model.transform(Rows.in(7, rows(3))).count()).isEqualTo(3);
    assertThat(model.transform(Rows.in(3, List.of())).collectAsList()).isEmpty();
    assertThat(model.transform(Rows.in(3, rows(900))).limit(5).collectAsList()).hasSize(5);
  }

  @Test
  void rowsOfManyFeaturesOrBytesMakeSmallBlocks() {
    int inputs = 300_000;
    NeuralNetworkRegressionModel wide =
        new NeuralNetworkRegressionModel("wide", network(inputs, 1, Loss.MEAN_SQUARED_ERROR));
    List<Row> sparse =
        IntStream.range(0, 7)
            .mapToObj(
                i ->
                    RowFactory.create(
                        Vectors.sparse(inputs, new int[] {i * 1000}, new double[] {1 + i}),
                        (double) i,
                        true))
            .toList();
    for (Row row : wide.transform(Rows.in(1, sparse)).collectAsList()) {
      assertThat(row.<Double>getAs("prediction"))
          .isCloseTo(wide.predict(row.getAs("features")), withinPercentage(1e-4));
    }

    Dataset<Row> heavy =
        Rows.in(1, rows(23)).withColumn("text", expr("repeat('x', 1000000 + int(label))"));
    assertThat(classifier().transform(heavy).selectExpr("length(text)").collectAsList())
        .containsExactlyElementsOf(
            IntStream.range(0, 23).mapToObj(i -> RowFactory.create(1_000_000 + i)).toList());
  }

  @Test
  void otherColumnsStayAsTheyWere() {
    Metadata metadata = new MetadataBuilder().putString("comment", "kept").build();
    Column sometimes = col("label").mod(3).equalTo(0);
    Dataset<Row> rows =
        Rows.in(3, rows(300))
            .withColumn("byte", col("label").cast("byte"))
            .withColumn("short", col("label").cast("short"))
            .withColumn("int", col("label").cast("int"))
            .withColumn("long", when(sometimes, col("label").cast("long")))
            .withColumn("float", col("label").cast("float"))
            .withColumn("decimal", col("label").cast("decimal(10,3)"))
            .withColumn("large decimal", col("label").cast("decimal(38,9)"))
            .withColumn("text", when(sometimes, col("label").cast("string")).as("text", metadata))
            .withColumn("binary", col("label").cast("string").cast("binary"))
            .withColumn("date", expr("date_add(date'2020-02-29', int(label))"))
            .withColumn("timestamp", expr("timestamp_seconds(label)"))
            .withColumn("timestamp_ntz", expr("timestamp_ntz'2020-01-01 00:00:00'"))
            .withColumn("duration", expr("make_dt_interval(int(label))"))
            .withColumn("months", expr("make_ym_interval(1, 2)"))
            .withColumn("nothing", lit(null))
            .withColumn("array", array(col("text"), lit("b")))
            .withColumn("map", map(col("int"), col("text")))
            .withColumn(
                "nested",
                when(
                    sometimes,
                    struct(
                        col("features").as("vector"),
                        array(struct(col("int"), col("text"))).as("structs"))))
            .withColumn("a.b", col("label"))
            .withColumn("twice", lit(1));
    rows = rows.select(col("*"), lit("another").as("twice"));
    StructType schema = rows.schema();

    Dataset<Row> scored = classifier().transform(rows);

    assertThat(scored.schema()).isEqualTo(classifier().transformSchema(schema));
    assertThat(Arrays.copyOf(scored.schema().fields(), schema.size())).isEqualTo(schema.fields());
    assertThat(schema.apply("text").metadata()).isEqualTo(metadata);
    List<Row> before = rows.collectAsList();
    List<Row> after = scored.collectAsList();
    assertThat(after).hasSize(300);
    for (int i = 0; i < 300; i++) {
      for (int j = 0; j < schema.size(); j++) {
        assertThat(after.get(i).get(j))
            .as(schema.fields()[j].name())
            .isEqualTo(before.get(i).get(j));
      }
    }
  }

  @Test
  void aFieldOfAnotherColumnIsThatField() {
    Column person = struct(col("label").as("id"), lit("x").as("name"), col("label").as("age"));
    Dataset<Row> rows =
        Rows.in(2, rows(5))
            .withColumn("person", person)
            .withColumn("people", array(col("person")))
            .withColumn("named", map(lit("a"), col("person")));

    List<Row> read =
        classifier()
            .transform(rows)
            .selectExpr("person.name", "people.name[0]", "named['a'].name", "person.age", "label")
            .collectAsList();

    assertThat(read).hasSize(5);
    for (Row row : read) {
      double label = row.getDouble(4);
      assertThat(row).isEqualTo(RowFactory.create("x", "x", "x", label, label));
    }
  }

  @Test
  void columnsTellWhatThoseOfMllibTell() {
    Dataset<Row> rows = Rows.in(1, Rows.classes(30, CLASSES));
    StructType theirs = new LogisticRegression().setMaxIter(1).fit(rows).transform(rows).schema();

    StructType ours =
        new NeuralNetworkClassificationModel(
                "classifier", network(4, CLASSES, Loss.SOFTMAX_CROSS_ENTROPY))
            .transform(rows)
            .schema();

    assertThat(ours.fieldNames()).isEqualTo(theirs.fieldNames());
    for (StructField field : theirs.fields()) {
      StructField our = ours.apply(field.name());
      assertThat(our.dataType()).isEqualTo(field.dataType());
      assertThat(our.metadata()).as(field.name()).isEqualTo(field.metadata());
    }
    assertThat(ours.apply("prediction").metadata().json()).contains("\"num_vals\":3");
  }

  @Test
  void columnsWithoutNameAreNotAdded() {
    Dataset<Row> rows = Rows.in(1, rows(5));
    NeuralNetworkClassificationModel model = classifier();
    List<Row> all = model.transform(rows).select("prediction").collectAsList();

    model.setRawPredictionCol("").setProbabilityCol("");
    Dataset<Row> predictions = model.transform(rows);
    model.setPredictionCol("").setProbabilityCol("p");
    Dataset<Row> probabilities = model.transform(rows);
    model.setProbabilityCol("");

    assertThat(predictions.columns())
        .containsExactly("features", "label", "validation", "prediction");
    assertThat(predictions.select("prediction").collectAsList()).isEqualTo(all);
    assertThat(probabilities.columns()).containsExactly("features", "label", "validation", "p");
    assertThat(model.transform(rows).schema()).isEqualTo(rows.schema());
    assertThat(regressor(1).setPredictionCol("").transform(rows).schema()).isEqualTo(rows.schema());
  }

  @Test
  void thresholdsHoldAsInMllib() {
    Dataset<Row> rows = Rows.in(2, rows(200));
    for (double[] thresholds :
        new double[][] {{0.5, 0.3, 0.2}, {0.9, 0, 0.1}, {0.001, 0.9, 0.9}, {1, 1, 1}}) {
      NeuralNetworkClassificationModel model = classifier();
      model.setThresholds(thresholds);

      for (Row row : model.transform(rows).collectAsList()) {
        assertThat(row.<Double>getAs("prediction"))
            .isEqualTo(model.probability2prediction(row.getAs("probability")));
      }
      assertThat(model.setProbabilityCol("").transform(rows).select("prediction").collectAsList())
          .isEqualTo(
              model.setProbabilityCol("p").transform(rows).select("prediction").collectAsList());
    }
  }

  @Test
  void aRegressionWithSeveralOutputsPredictsAVector() {
    NeuralNetworkRegressionModel model = regressor(4);
    Dataset<Row> rows = Rows.in(3, rows(ROWS));

    Dataset<Row> scored = model.transform(rows);

    assertThat(scored.schema()).isEqualTo(model.transformSchema(rows.schema()));
    assertThat(scored.schema().apply("prediction").metadata().json()).contains("\"num_attrs\":4");
    for (Row row : scored.collectAsList()) {
      assertClose(row.getAs("prediction"), model.predictOutputs(row.getAs("features")));
    }
    assertThatThrownBy(() -> model.predict(Vectors.zeros(FEATURES)))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage("the model has 4 outputs: call predictOutputs");
  }

  @Test
  void aRegressionWithOneOutputPredictsANumber() {
    NeuralNetworkRegressionModel model = regressor(1);
    Dataset<Row> rows = Rows.in(3, rows(ROWS));

    Dataset<Row> scored = model.transform(rows);

    assertThat(scored.schema()).isEqualTo(model.transformSchema(rows.schema()));
    assertThat(scored.schema().apply("prediction").dataType()).isEqualTo(DataTypes.DoubleType);
    for (Row row : scored.collectAsList()) {
      assertThat(row.<Double>getAs("prediction"))
          .isCloseTo(model.predict(row.getAs("features")), withinPercentage(1e-4));
    }
  }

  @Test
  void oneModelScoresWhatAnotherHasScored() {
    Dataset<Row> rows = Rows.in(2, rows(ROWS));
    NeuralNetworkRegressionModel second = regressor(1).setPredictionCol("second");

    Dataset<Row> both = second.transform(classifier().transform(rows));

    assertThat(both.select("prediction").collectAsList())
        .isEqualTo(classifier().transform(rows).select("prediction").collectAsList());
    assertThat(both.select("second").collectAsList())
        .isEqualTo(second.transform(rows).select("second").collectAsList());
  }

  @Test
  void aStreamIsScoredAsATableIs() throws Exception {
    Dataset<Row> rows = Rows.in(3, rows(ROWS));
    String path = folder.resolve("rows").toString();
    rows.write().parquet(path);
    Dataset<Row> stream = LocalSpark.session().readStream().schema(Rows.SCHEMA).parquet(path);

    Dataset<Row> scored = classifier().transform(stream);
    assertThat(scored.isStreaming()).isTrue();
    StreamingQuery query =
        scored
            .writeStream()
            .format("memory")
            .queryName("scored")
            .option("checkpointLocation", folder.resolve("checkpoint").toString())
            .trigger(Trigger.AvailableNow())
            .start();
    query.processAllAvailable();
    query.stop();

    assertThat(LocalSpark.session().table("scored").orderBy("label").collectAsList())
        .isEqualTo(classifier().transform(Rows.in(1, rows(ROWS))).collectAsList());
  }

  @Test
  void aRowThatCannotBeScoredIsTold() {
    assertRefused(
        null, "column features of a row to score is null: a row needs its features to be scored");
    assertRefused(
        Vectors.dense(1, 2, Double.NaN, 4, 5),
        "feature 2 of a row is NaN, not a finite float32 number: fill or drop missing values"
            + " before");
    assertRefused(
        Vectors.sparse(FEATURES, new int[] {4}, new double[] {1e39}),
        "feature 4 of a row is 1.0E39, not a finite float32 number: fill or drop missing values"
            + " before");
    assertRefused(Vectors.dense(1, 2, 3), "a row has 3 features, but the model was trained on 5");
    assertRefused(
        Vectors.sparse(9, new int[] {8}, new double[] {1}),
        "a row has 9 features, but the model was trained on 5");
  }

  private static void assertRefused(Vector features, String message) {
    List<Row> rows = new ArrayList<>(rows(20));
    rows.add(RowFactory.create(features, 20.0, true));
    Dataset<Row> scored = classifier().transform(Rows.in(2, rows));

    assertThatThrownBy(scored::collectAsList)
        .hasRootCauseInstanceOf(ConveneException.class)
        .hasRootCauseMessage(message);
  }

  @Test
  void aSchemaThatCannotBeScoredIsToldBeforeARowIsRead() {
    Dataset<Row> rows = Rows.in(1, rows(5)).withColumnRenamed("features", "vector");
    Dataset<Row> six =
        new VectorAssembler()
            .setInputCols(new String[] {"vector", "label"})
            .setOutputCol("features")
            .transform(
                new VectorAssembler()
                    .setInputCols(new String[] {"label", "label", "label", "label", "label"})
                    .setOutputCol("vector")
                    .transform(rows.drop("vector")));
    assertThatThrownBy(() -> classifier().transform(six))
        .isInstanceOf(ConveneException.class)
        .hasMessage("column features has 6 features, but the model was trained on 5");
    assertThatThrownBy(() -> regressor(1).transform(six))
        .isInstanceOf(ConveneException.class)
        .hasMessage("column features has 6 features, but the model was trained on 5");

    Dataset<Row> twice = rows.select(col("vector").as("features"), col("vector").as("features"));
    assertThatThrownBy(() -> classifier().transform(twice))
        .isInstanceOf(ConveneException.class)
        .hasMessage("2 columns are called features: rename all but the model's features");

    assertThatThrownBy(() -> classifier().transform(rows))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("features does not exist. Available: vector, label, validation");
  }
}
