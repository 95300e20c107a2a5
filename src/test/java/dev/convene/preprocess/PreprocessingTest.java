package dev.convene.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.testkit.LocalSpark;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.feature.MaxAbsScaler;
import org.apache.spark.ml.feature.MinMaxScaler;
import org.apache.spark.ml.feature.RobustScaler;
import org.apache.spark.ml.feature.StandardScaler;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("spark")
class PreprocessingTest {
  private static final StructType VECTORS =
      new StructType().add("id", DataTypes.IntegerType).add("x", SQLDataTypes.VectorType());

  @Test
  void theLecturesTableIsStandardized() throws IOException {
    JsonNode golden;
    try (InputStream json = getClass().getResourceAsStream("/golden/seed-tables.json")) {
      golden = new ObjectMapper().readTree(json).get("standardization");
    }
    StructType schema = new StructType().add("id", DataTypes.IntegerType);
    for (String exam : List.of("exam1", "exam2", "exam3")) {
      schema = schema.add(exam, DataTypes.IntegerType);
    }
    List<Row> rows = new ArrayList<>();
    for (JsonNode x : golden.get("x")) {
      rows.add(
          RowFactory.create(rows.size(), x.get(0).asInt(), x.get(1).asInt(), x.get(2).asInt()));
    }
    Dataset<Row> table = dataset(rows, schema, 2);

    Preprocessing fitted =
        Preprocessing.fit(
            table, List.of("exam1", "exam2", "exam3"), Set.of(), plan(1, Scaler.STANDARD));

    assertThat(fitted.stages()).hasSize(2);
    double[][] standardized = transformed(fitted, table);
    for (int r = 0; r < rows.size(); r++) {
      for (int c = 0; c < 3; c++) {
        double expected = golden.get("standardized").get(r).get(c).asDouble();
        assertThat((double) (float) standardized[r][c])
            .isCloseTo(expected, within(1e-6 * Math.abs(expected)));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 203})
  void scalersGiveWhatMllibGives(int rowCount) {
    Dataset<Row> table = dataset(randomRows(rowCount), VECTORS, 2);
    assertSameAsMllib(
        Scaler.STANDARD,
        new StandardScaler().setWithMean(true).setInputCol("x").setOutputCol("y"),
        table,
        1e-12);
    assertSameAsMllib(
        Scaler.MIN_MAX, new MinMaxScaler().setInputCol("x").setOutputCol("y"), table, 0);
    assertSameAsMllib(
        Scaler.MAX_ABS, new MaxAbsScaler().setInputCol("x").setOutputCol("y"), table, 0);
    assertSameAsMllib(
        Scaler.ROBUST,
        new RobustScaler()
            .setWithCentering(true)
            .setRelativeError(0)
            .setInputCol("x")
            .setOutputCol("y"),
        table,
        0);
  }

  @ParameterizedTest
  @EnumSource(
      value = Scaler.class,
      names = {"NONE"},
      mode = EnumSource.Mode.EXCLUDE)
  void partitionsAndOrderDoNotShowInTheBits(Scaler scaler) {
    List<Row> rows = randomRows(300);
    double[][] expected = null;
    for (int partitions : new int[] {1, 2, 3, 7}) {
      Dataset<Row> table = dataset(rows, VECTORS, partitions);
      Preprocessing fitted = Preprocessing.fit(table, List.of("x"), Set.of(), plan(3, scaler));
      double[][] scaled = transformed(fitted, table);
      if (expected == null) {
        expected = scaled;
      }
      assertThat(scaled).isDeepEqualTo(expected);
      rows = new ArrayList<>(rows);
      Collections.shuffle(rows, new Random(partitions));
    }
  }

  @Test
  void robustIsMedianAndQuartilesByHand() {
    // Ten values: places ceil(2.5), ceil(5) and ceil(7.5) of 1..10 are 3, 5 and 8.
    List<Row> rows = new ArrayList<>();
    for (int i = 1; i <= 10; i++) {
      rows.add(RowFactory.create(i, Vectors.dense(i, -i)));
    }
    Dataset<Row> table = dataset(rows, VECTORS, 3);

    double[][] scaled =
        transformed(
            Preprocessing.fit(table, List.of("x"), Set.of(), plan(1, Scaler.ROBUST)), table);

    assertThat(scaled[9][0]).isEqualTo((10 - 5) / 5.0);
    // Of -10..-1 they are -8, -6 and -3.
    assertThat(scaled[9][1]).isEqualTo((-10 + 6) / 5.0);
  }

  @Test
  void pixelsDividedBy255AreFloatQuotients() {
    List<Row> rows = new ArrayList<>();
    for (int pixel = 0; pixel < 256; pixel++) {
      rows.add(RowFactory.create(pixel, Vectors.dense(pixel)));
    }
    Dataset<Row> table = dataset(rows, VECTORS, 1);

    Preprocessing fitted = Preprocessing.fit(table, List.of("x"), Set.of(), plan(255, Scaler.NONE));

    assertThat(fitted.outputColumn()).isEqualTo("dividedFeatures");
    double[][] divided = transformed(fitted, table);
    for (int pixel = 0; pixel < 256; pixel++) {
      assertThat((float) divided[pixel][0]).isEqualTo(pixel / 255f);
    }
  }

  @Test
  void theScalerSeesDividedFeatures() {
    Dataset<Row> table =
        dataset(
            List.of(
                RowFactory.create(0, Vectors.dense(0)), RowFactory.create(1, Vectors.dense(10))),
            VECTORS,
            1);
    Preprocessing fitted =
        Preprocessing.fit(table, List.of("x"), Set.of(), plan(10, Scaler.MIN_MAX));
    assertThat(fitted.stages()).hasSize(2);
    Dataset<Row> unseen = dataset(List.of(RowFactory.create(0, Vectors.dense(25))), VECTORS, 1);
    assertThat(transformed(fitted, unseen)[0]).containsExactly(2.5);
  }

  @Test
  void nothingToDoIsNoStage() {
    Dataset<Row> table = dataset(randomRows(3), VECTORS, 1);
    Preprocessing fitted = Preprocessing.fit(table, List.of("x"), Set.of(), plan(1, Scaler.NONE));
    assertThat(fitted.stages()).isEmpty();
    assertThat(fitted.outputColumn()).isEqualTo("x");
  }

  @Test
  void sparseAndDenseVectorsGiveTheSameBits() {
    List<Row> dense = randomRows(100);
    List<Row> sparse =
        dense.stream()
            .map(row -> RowFactory.create(row.getInt(0), row.<Vector>getAs(1).toSparse()))
            .toList();
    for (Scaler scaler : Scaler.values()) {
      PreprocessPlan plan = plan(7, scaler);
      Dataset<Row> table = dataset(dense, VECTORS, 2);
      Dataset<Row> sparseTable = dataset(sparse, VECTORS, 3);
      assertThat(transformed(Preprocessing.fit(sparseTable, List.of("x"), Set.of(), plan), table))
          .isDeepEqualTo(
              transformed(Preprocessing.fit(table, List.of("x"), Set.of(), plan), table));
    }
  }

  @Test
  void numbersAndVectorsAreAssembledInTheirOrder() {
    StructType schema =
        new StructType()
            .add("id", DataTypes.IntegerType)
            .add("age", DataTypes.FloatType)
            .add("x", SQLDataTypes.VectorType())
            .add("member", DataTypes.BooleanType)
            .add("visits", DataTypes.LongType);
    Dataset<Row> table =
        dataset(
            List.of(
                RowFactory.create(0, 2f, Vectors.dense(-4, 0), true, 8L),
                RowFactory.create(1, 4f, Vectors.dense(2, 0), false, 16L)),
            schema,
            1);

    Preprocessing fitted =
        Preprocessing.fit(
            table, List.of("age", "x", "member", "visits"), Set.of(), plan(2, Scaler.MAX_ABS));

    assertThat(transformed(fitted, table))
        .isDeepEqualTo(new double[][] {{0.5, -1, 0, 1, 0.5}, {1, 0.5, 0, 0, 1}});
  }

  @Test
  void thePipelineSurvivesSavingAndLoading(@TempDir Path folder) throws IOException {
    Dataset<Row> table = dataset(randomRows(50), VECTORS, 2);
    for (Scaler scaler : Scaler.values()) {
      Preprocessing fitted = Preprocessing.fit(table, List.of("x"), Set.of(), plan(255, scaler));
      String path = folder.resolve(scaler.name()).toString();
      fitted.between(List.of(), List.of()).save(path);
      double[][] loaded = vectors(PipelineModel.load(path).transform(table), fitted.outputColumn());
      assertThat(loaded).isDeepEqualTo(transformed(fitted, table));
    }
  }

  @Test
  void nanAndInfinityAreNamedAndCounted() {
    Dataset<Row> table =
        dataset(
            List.of(
                RowFactory.create(0, Vectors.dense(1, Double.NaN, 3)),
                RowFactory.create(1, Vectors.dense(1, Double.POSITIVE_INFINITY, 3)),
                RowFactory.create(2, Vectors.dense(1, 2, 3))),
            VECTORS,
            2);
    assertRefused(
        table,
        List.of("x"),
        "feature x[1] is NaN, infinite or missing in 2 of 3 training rows (features with such"
            + " values: 1): clean these rows, or leave the column out of data.features");
  }

  @Test
  void missingNumbersAreNamedAndCounted() {
    StructType schema =
        new StructType().add("age", DataTypes.DoubleType).add("height", DataTypes.DoubleType);
    Dataset<Row> table =
        dataset(List.of(RowFactory.create(null, 1.0), RowFactory.create(3.0, null)), schema, 2);
    assertRefused(
        table,
        List.of("age", "height"),
        "feature age is NaN, infinite or missing in 1 of 2 training rows (features with such"
            + " values: 2): clean these rows, or leave the column out of data.features");
  }

  @Test
  void columnsThatAreMissingOrTextAreRefused() {
    StructType schema =
        new StructType().add("age", DataTypes.DoubleType).add("city", DataTypes.StringType);
    Dataset<Row> table = dataset(List.of(RowFactory.create(1.0, "Ulm")), schema, 1);
    assertRefused(
        table,
        List.of("age", "height"),
        "there is no feature column height; the columns are age, city");
    assertRefused(
        table,
        List.of("age", "city"),
        "feature column city is of type string; features are numbers or vectors: name it in"
            + " data.categorical, or leave it out of data.features");
  }

  @Test
  void noRowsAndNoColumnsAreRefused() {
    StructType schema = new StructType().add("age", DataTypes.DoubleType);
    assertRefused(dataset(List.of(), schema, 1), List.of("age"), "the training data has no rows");
    assertRefused(
        dataset(List.of(), VECTORS, 1),
        List.of("x"),
        "the training data has no row with all of its feature vectors");
    assertRefused(
        dataset(List.of(), VECTORS, 1), List.of(), "the training data has no feature columns");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"sepal.length", "a`b", "`", "*", "x`, `y", "scaledFeatures", "prediction"})
  void stagesTakeAnyNameOfANumberAndOfAVector(String name) {
    StructType number =
        new StructType().add("id", DataTypes.IntegerType).add(name, DataTypes.DoubleType);
    List<Row> numbers =
        List.of(RowFactory.create(0, 1.0), RowFactory.create(1, 2.0), RowFactory.create(2, 3.0));
    assertStandardized(dataset(numbers, number, 1), name);
    StructType vector =
        new StructType().add("id", DataTypes.IntegerType).add(name, SQLDataTypes.VectorType());
    List<Row> vectors =
        numbers.stream()
            .map(row -> RowFactory.create(row.get(0), Vectors.dense(row.getDouble(1))))
            .toList();
    assertStandardized(dataset(vectors, vector, 1), name);
  }

  /** Both by the function of the row and by MLlib's stages. */
  private static void assertStandardized(Dataset<Row> table, String name) {
    Preprocessing fitted =
        Preprocessing.fit(table, List.of(name), Set.of(), plan(1, Scaler.STANDARD));
    double[][] expected = {{-1}, {0}, {1}};
    assertThat(fitted.encoder()).isPresent();
    assertThat(transformed(fitted, table)).isDeepEqualTo(expected);
    Dataset<Row> byStages = fitted.between(List.of(), List.of()).transform(table);
    assertThat(vectors(byStages, fitted.outputColumn())).isDeepEqualTo(expected);
  }

  @Test
  void vectorsOfDifferentLengthsAreRefused() {
    Dataset<Row> table =
        dataset(
            List.of(
                RowFactory.create(0, Vectors.dense(1, 2)), RowFactory.create(1, Vectors.dense(1))),
            VECTORS,
            1);
    assertThatThrownBy(
            () -> Preprocessing.fit(table, List.of("x"), Set.of(), plan(1, Scaler.ROBUST)))
        .hasRootCauseInstanceOf(ConveneException.class)
        .hasRootCauseMessage("feature column x holds vectors of different lengths, 2 and 1");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void divisorsThatMakeNoSenseAreRefused(double divisor) {
    assertThatThrownBy(() -> plan(divisor, Scaler.NONE))
        .isInstanceOfSatisfying(
            ConveneException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.USAGE))
        .hasMessage("preprocess.divide-by is " + divisor + "; it must be a finite number above 0");
  }

  private static PreprocessPlan plan(double divideBy, Scaler scaler) {
    return PreprocessPlan.builder().divideBy(divideBy).scaler(scaler).build();
  }

  private static void assertRefused(Dataset<Row> table, List<String> features, String message) {
    assertThatThrownBy(() -> Preprocessing.fit(table, features, Set.of(), plan(1, Scaler.STANDARD)))
        .isInstanceOfSatisfying(
            ConveneException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.DATA))
        .hasMessage(message);
  }

  private static void assertSameAsMllib(
      Scaler scaler, Estimator<?> mllib, Dataset<Row> table, double relative) {
    double[][] expected = vectors(mllib.fit(table).transform(table), "y");
    double[][] actual =
        transformed(Preprocessing.fit(table, List.of("x"), Set.of(), plan(1, scaler)), table);
    for (int r = 0; r < expected.length; r++) {
      for (int c = 0; c < expected[r].length; c++) {
        assertThat(actual[r][c])
            .as("%s, row %d, column %d", scaler, r, c)
            .isCloseTo(expected[r][c], within(relative * Math.max(1, Math.abs(expected[r][c]))));
      }
    }
  }

  private static double[][] transformed(Preprocessing fitted, Dataset<Row> table) {
    return vectors(fitted.transform(table), fitted.outputColumn());
  }

  private static double[][] vectors(Dataset<Row> table, String column) {
    return table.orderBy("id").select(column).collectAsList().stream()
        .map(row -> row.<Vector>getAs(0).toArray())
        .toArray(double[][]::new);
  }

  private static Dataset<Row> dataset(List<Row> rows, StructType schema, int partitions) {
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());
    return LocalSpark.session().createDataFrame(context.parallelize(rows, partitions), schema);
  }

  /** Ordinary, huge, tiny, discrete, mostly zero, constant and all-zero columns. */
  private static List<Row> randomRows(int count) {
    Random random = new Random(count);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(
          RowFactory.create(
              i,
              Vectors.dense(
                  random.nextGaussian(),
                  1e6 * random.nextGaussian() - 3e6,
                  1e-9 * random.nextDouble(),
                  random.nextInt(256),
                  random.nextInt(10) == 0 ? -random.nextDouble() : 0,
                  0.1,
                  0)));
    }
    return rows;
  }
}
