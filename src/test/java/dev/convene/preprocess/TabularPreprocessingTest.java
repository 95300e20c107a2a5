package dev.convene.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.testkit.LocalSpark;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Missing values, categories and bins, by hand. */
@Tag("spark")
class TabularPreprocessingTest {
  private static final Set<String> NONE = Set.of();

  @ParameterizedTest
  @CsvSource({"MEAN, 3", "MEDIAN, 2", "MODE, 2", "CONSTANT, -1"})
  void missingNumbersAreImputed(Missing missing, double surrogate) {
    Dataset<Row> table = numbers(1.0, 2.0, 2.0, null, 7.0, Double.NaN, 3.0);
    Preprocessing fitted =
        fit(table, NONE, PreprocessPlan.builder().missing(missing).missingConstant(-1));
    assertThat(transformed(fitted, table))
        .isDeepEqualTo(new double[][] {{1}, {2}, {2}, {surrogate}, {7}, {surrogate}, {3}});
  }

  @Test
  void theSmallestOfSeveralModesIsTaken() {
    Dataset<Row> table = numbers(5.0, 3.0, null, 5.0, 3.0, 9.0);
    Preprocessing fitted = fit(table, NONE, PreprocessPlan.builder().missing(Missing.MODE));
    assertThat(transformed(fitted, table)[2]).containsExactly(3);
  }

  @Test
  void theScalerSeesImputedValues() {
    // The imputed 2 makes the sample standard deviation 2, which is sqrt(8) without it.
    Dataset<Row> table = numbers(0.0, null, 4.0);
    Preprocessing fitted =
        fit(table, NONE, PreprocessPlan.builder().missing(Missing.MEAN).scaler(Scaler.STANDARD));
    assertThat(transformed(fitted, table)).isDeepEqualTo(new double[][] {{-1}, {0}, {1}});
  }

  @Test
  void indicatorsFollowTheNumbersThatMissedValuesInTraining() {
    Dataset<Row> table =
        table(
            new StructType()
                .add("a", DataTypes.DoubleType)
                .add("b", DataTypes.IntegerType)
                .add("c", DataTypes.DoubleType),
            RowFactory.create(1.0, null, 5.0),
            RowFactory.create(2.0, 4, Double.NaN));
    Preprocessing fitted =
        fit(table, NONE, PreprocessPlan.builder().missing(Missing.CONSTANT).missingIndicator(true));
    assertThat(transformed(fitted, table))
        .isDeepEqualTo(new double[][] {{1, 0, 5, 1, 0}, {2, 4, 0, 0, 1}});
  }

  @Test
  void rareUnseenAndMissingCategoriesShareTheLastSlot() {
    Dataset<Row> training = texts("b", "a", "c", "b", null, "a", "b");
    Preprocessing fitted = fit(training, Set.of("x"), PreprocessPlan.builder().minCategoryCount(2));
    assertThat(transformed(fitted, texts("a", "b", "c", "new", null)))
        .isDeepEqualTo(new double[][] {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {0, 0, 1}, {0, 0, 1}});
  }

  @Test
  void categoriesStandInTheOrderOfTheirCodePoints() {
    // In UTF-16 U+1F600 comes before U+FFFD.
    String emoji = Character.toString(0x1F600);
    Dataset<Row> table = texts(emoji, "\uFFFD", "Z", "a", "");
    Preprocessing fitted = fit(table, Set.of("x"), PreprocessPlan.builder());
    assertThat(Arrays.stream(transformed(fitted, table)).map(TabularPreprocessingTest::slot))
        .containsExactly(4, 3, 1, 2, 0);
  }

  @Test
  void binsEndWithQuantiles() {
    // Of 1..10 the quartiles are 3, 5 and 8.
    Dataset<Row> table = numbers(1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0);
    Preprocessing fitted = fit(table, NONE, PreprocessPlan.builder().binned(Map.of("x", 4)));
    assertThat(Arrays.stream(transformed(fitted, table)).map(TabularPreprocessingTest::slot))
        .containsExactly(0, 0, 0, 1, 1, 2, 2, 2, 3, 3);
    assertThat(slot(transformed(fitted, numbers(-1e300))[0])).isZero();
    assertThat(slot(transformed(fitted, numbers(1e300))[0])).isEqualTo(3);
  }

  @Test
  void equalQuantilesAreOneBin() {
    Dataset<Row> table = numbers(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 5.0, 9.0);
    Preprocessing fitted = fit(table, NONE, PreprocessPlan.builder().binned(Map.of("x", 4)));
    assertThat(transformed(fitted, numbers(0.0, 5.0, 1e-9)))
        .isDeepEqualTo(new double[][] {{1, 0}, {0, 1}, {0, 1}});
  }

  @Test
  void onlyTheNamedColumnsAreScaled() {
    Dataset<Row> table =
        table(
            new StructType().add("a", DataTypes.DoubleType).add("b", DataTypes.DoubleType),
            RowFactory.create(1.0, 10.0),
            RowFactory.create(3.0, 30.0));
    for (Scaler scaler : Scaler.values()) {
      double[][] scaled =
          transformed(
              fit(table, NONE, PreprocessPlan.builder().scaler(scaler).scaledColumns(List.of("b"))),
              table);
      assertThat(scaled[0][0]).isEqualTo(1);
      assertThat(scaled[1][0]).isEqualTo(3);
      assertThat(scaled[1][1] == 30).isEqualTo(scaler == Scaler.NONE);
    }
  }

  @ParameterizedTest
  @CsvSource({"L1, 7", "L2, 5", "MAX, 4"})
  void rowsAreDividedByTheirNorm(Normalizer normalizer, double norm) {
    Dataset<Row> table =
        table(
            new StructType().add("city", DataTypes.StringType).add("x", SQLDataTypes.VectorType()),
            RowFactory.create("Ulm", Vectors.dense(3, -4)),
            RowFactory.create("Ulm", Vectors.dense(0, 0)));
    Preprocessing fitted =
        fit(table, Set.of("city"), PreprocessPlan.builder().normalizer(normalizer));
    assertThat(transformed(fitted, table))
        .isDeepEqualTo(new double[][] {{3 / norm, -4 / norm, 1, 0}, {0, 0, 1, 0}});
  }

  @Test
  void manySlotsAreASparseVector() {
    Dataset<Row> table = texts("a", "b", "c", "d", "e", "f", "g");
    Preprocessing fitted = fit(table, Set.of("x"), PreprocessPlan.builder());
    assertThat(fitted.transform(table).select(fitted.outputColumn()).first().<Vector>getAs(0))
        .isInstanceOf(SparseVector.class);
  }

  @Test
  void hashedCategoriesNeedNoPassAndMissingOnesAreInNoBucket() {
    Dataset<Row> table = texts("a", null);
    Preprocessing fitted = fit(table, Set.of("x"), PreprocessPlan.builder().hashed(Map.of("x", 3)));
    double[][] buckets = transformed(fitted, table);
    assertThat(buckets[0]).containsOnlyOnce(1).hasSize(3);
    assertThat(buckets[1]).containsExactly(0, 0, 0);
  }

  @Test
  void constantColumnsAreWarnedOf() {
    Dataset<Row> table =
        table(
            new StructType()
                .add("a", DataTypes.DoubleType)
                .add("b", DataTypes.DoubleType)
                .add("c", DataTypes.StringType),
            RowFactory.create(7.5, 1.0, "only"),
            RowFactory.create(7.5, 2.0, "only"));
    assertThat(fit(table, Set.of("c"), PreprocessPlan.builder().scaler(Scaler.STANDARD)).warnings())
        .containsExactly(
            "feature column a is 7.5 in every training row",
            "feature column c is only in every training row");
  }

  @Test
  void columnsWithoutAnyValueAreRefused() {
    assertRefused(
        numbers(null, Double.NaN),
        NONE,
        PreprocessPlan.builder().missing(Missing.MEAN),
        "feature column x has no value in any of the 2 training rows: leave it out of"
            + " data.features");
    assertRefused(
        texts(null, null, null),
        Set.of("x"),
        PreprocessPlan.builder(),
        "feature column x has no value in any of the 3 training rows: leave it out of"
            + " data.features");
  }

  @Test
  void infiniteNumbersAndHolesInVectorsAreNotImputed() {
    assertRefused(
        numbers(1.0, null, Double.POSITIVE_INFINITY),
        NONE,
        PreprocessPlan.builder().missing(Missing.MEAN),
        "feature x is infinite in 1 of 3 training rows (features with such values: 1): clean"
            + " these rows, or leave the column out of data.features");
    assertRefused(
        table(
            new StructType().add("x", SQLDataTypes.VectorType()),
            RowFactory.create(Vectors.dense(1, Double.NaN))),
        NONE,
        PreprocessPlan.builder().missing(Missing.MEAN),
        "feature x[1] is NaN or missing in 1 of 1 training rows (features with such values: 1):"
            + " clean these rows, or leave the column out of data.features");
  }

  @Test
  void unseenCategoriesAreRefusedIfThePlanSaysSo() {
    PreprocessPlan.Builder plan = PreprocessPlan.builder().unseenCategory(UnseenCategory.ERROR);
    Preprocessing fitted = fit(texts("b", "a"), Set.of("x"), plan);
    assertThat(transformed(fitted, texts("a", "b"))).isDeepEqualTo(new double[][] {{1, 0}, {0, 1}});
    assertFails(
        fitted,
        texts("X"),
        "column x holds 'X', a category that training did not see: clean the row, or train with"
            + " preprocess.unseen-category = keep");
    assertFails(
        fitted,
        texts((String) null),
        "column x is missing in a row, which preprocess.unseen-category = error refuses: clean the"
            + " row, or train with keep");
    assertRefused(
        texts("a", null),
        Set.of("x"),
        plan,
        "feature column x is missing in 1 of 2 training rows, which preprocess.unseen-category ="
            + " error has no place for: choose keep, or clean these rows");
  }

  @Test
  void missingNumbersAreRefusedWhereTheyAreNotImputed() {
    Preprocessing fitted = fit(numbers(1.0, 2.0), NONE, PreprocessPlan.builder());
    assertFails(
        fitted,
        numbers((Double) null),
        "column x is missing or NaN in a row, which preprocessing does not allow: clean the row,"
            + " or train with preprocess.missing = mean, median, mode or constant");
  }

  @Test
  void tooManyCategoriesAreToBeHashed() {
    Dataset<Row> table =
        LocalSpark.session().range(CategoryCounts.LIMIT + 1).selectExpr("string(id) AS x");
    assertThatThrownBy(() -> fit(table, Set.of("x"), PreprocessPlan.builder()))
        .rootCause()
        .isInstanceOf(ConveneException.class)
        .hasMessage(
            "column x has more than 65536 categories: hash it with preprocess.hashed, or leave it"
                + " out of data.features");
    assertThat(
            fit(table, Set.of("x"), PreprocessPlan.builder().hashed(Map.of("x", 8))).outputColumn())
        .isEqualTo("assembledFeatures");
  }

  @Test
  void onlyRareCategoriesAreRefused() {
    assertRefused(
        texts("a", "b"),
        Set.of("x"),
        PreprocessPlan.builder().minCategoryCount(2),
        "feature column x has no category of at least 2 training rows: lower"
            + " preprocess.min-category-count, hash it with preprocess.hashed, or leave it out of"
            + " data.features");
  }

  @Test
  void columnsThatThePlanNamesInTheWrongPlaceAreRefused() {
    assertThatThrownBy(
            () -> fit(numbers(1.0), NONE, PreprocessPlan.builder().hashed(Map.of("x", 2))))
        .hasMessage("preprocess.hashed names x, which is no categorical feature: these are none");
    assertThatThrownBy(
            () -> fit(texts("a"), Set.of("x"), PreprocessPlan.builder().binned(Map.of("x", 2))))
        .hasMessage("preprocess.binned names x, which is no numeric feature: these are none");
    assertThatThrownBy(
            () -> fit(numbers(1.0), NONE, PreprocessPlan.builder().scaledColumns(List.of("y"))))
        .hasMessage(
            "preprocess.scaled-columns names y, which is no numeric feature that is not binned:"
                + " these are x");
  }

  @Test
  void plansThatMakeNoSenseAreRefused() {
    assertUsage(
        PreprocessPlan.builder().missingIndicator(true),
        "preprocess.missing-indicator needs missing values, which preprocess.missing = error"
            + " refuses: choose mean, median, mode or constant");
    assertUsage(
        PreprocessPlan.builder().missingConstant(Double.NaN),
        "preprocess.missing-constant is NaN; it must be finite");
    assertUsage(
        PreprocessPlan.builder().minCategoryCount(0),
        "preprocess.min-category-count is 0; it must be at least 1");
    assertUsage(
        PreprocessPlan.builder().minCategoryCount(5).unseenCategory(UnseenCategory.ERROR),
        "preprocess.min-category-count = 5 puts rare categories into the slot of unseen ones,"
            + " which preprocess.unseen-category = error does away with: change one of them");
    assertUsage(
        PreprocessPlan.builder().hashed(Map.of("x", 0)),
        "preprocess.hashed.x is 0; the number of buckets must be at least 1");
    assertUsage(
        PreprocessPlan.builder().binned(Map.of("x", 1)),
        "preprocess.binned.x is 1; the number of bins must be at least 2");
  }

  @Test
  void rowsThatLackColumnsAreRefused() {
    Dataset<Row> table =
        table(
            new StructType().add("a", DataTypes.DoubleType).add("b", DataTypes.StringType),
            RowFactory.create(1.0, "x"));
    Preprocessing fitted = fit(table, Set.of("b"), PreprocessPlan.builder());
    assertThatThrownBy(() -> fitted.transform(numbers(1.0)))
        .isInstanceOf(ConveneException.class)
        .hasMessage(
            "the data has no column a, b, which preprocessing reads; its columns are id, x");
  }

  private static void assertUsage(PreprocessPlan.Builder plan, String message) {
    assertThatThrownBy(plan::build)
        .isInstanceOfSatisfying(
            ConveneException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.USAGE))
        .hasMessage(message);
  }

  private static void assertRefused(
      Dataset<Row> table, Set<String> categorical, PreprocessPlan.Builder plan, String message) {
    assertThatThrownBy(() -> fit(table, categorical, plan))
        .isInstanceOfSatisfying(
            ConveneException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.DATA))
        .hasMessage(message);
  }

  private static void assertFails(Preprocessing fitted, Dataset<Row> rows, String message) {
    assertThatThrownBy(() -> transformed(fitted, rows))
        .rootCause()
        .isInstanceOf(ConveneException.class)
        .hasMessage(message);
  }

  private static Preprocessing fit(
      Dataset<Row> table, Set<String> categorical, PreprocessPlan.Builder plan) {
    List<String> features =
        Arrays.stream(table.columns()).filter(column -> !column.equals("id")).toList();
    return Preprocessing.fit(table, features, categorical, plan.build());
  }

  private static double[][] transformed(Preprocessing fitted, Dataset<Row> table) {
    return fitted
        .transform(table)
        .select("id", fitted.outputColumn())
        .orderBy("id")
        .collectAsList()
        .stream()
        .map(row -> row.<Vector>getAs(1).toArray())
        .toArray(double[][]::new);
  }

  /** Where the only 1 of a row is. */
  private static int slot(double[] oneHot) {
    assertThat(oneHot).containsOnlyOnce(1);
    return Arrays.stream(oneHot).boxed().toList().indexOf(1.0);
  }

  private static Dataset<Row> numbers(Double... values) {
    return column(DataTypes.DoubleType, values);
  }

  private static Dataset<Row> texts(String... values) {
    return column(DataTypes.StringType, values);
  }

  private static Dataset<Row> column(DataType type, Object[] values) {
    return table(
        new StructType().add("x", type),
        Arrays.stream(values)
            .map(value -> RowFactory.create(new Object[] {value}))
            .toArray(Row[]::new));
  }

  /** The rows with a column id in front that counts them. */
  private static Dataset<Row> table(StructType schema, Row... rows) {
    StructType withId = new StructType().add("id", DataTypes.IntegerType);
    for (var field : schema.fields()) {
      withId = withId.add(field);
    }
    List<Row> numbered = new ArrayList<>();
    for (Row row : rows) {
      Object[] values = new Object[row.size() + 1];
      values[0] = numbered.size();
      for (int c = 0; c < row.size(); c++) {
        values[c + 1] = row.get(c);
      }
      numbered.add(RowFactory.create(values));
    }
    return LocalSpark.session().createDataFrame(numbered, withId);
  }
}
