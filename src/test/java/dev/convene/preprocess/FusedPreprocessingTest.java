package dev.convene.preprocess;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.testkit.LocalSpark;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.feature.Binarizer;
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
import org.junit.jupiter.params.provider.MethodSource;

/** The one function of a row against the MLlib stages that it stands for, bit by bit. */
@Tag("spark")
class FusedPreprocessingTest {
  private static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.IntegerType)
          .add("height", DataTypes.DoubleType)
          .add("visits", DataTypes.IntegerType)
          .add("member", DataTypes.BooleanType)
          .add("gain", DataTypes.DoubleType)
          .add("x", SQLDataTypes.VectorType())
          .add("city", DataTypes.StringType)
          .add("zip", DataTypes.LongType)
          .add("smoker", DataTypes.BooleanType)
          .add("word", DataTypes.StringType);
  private static final int HEIGHT = SCHEMA.fieldIndex("height");
  private static final int X = SCHEMA.fieldIndex("x");
  private static final Set<String> CATEGORICAL = Set.of("city", "zip", "smoker", "word");

  /** What a random plan is drawn from, and the features that it is for. */
  private record Case(int seed, PreprocessPlan plan, List<String> features) {
    @Override
    public String toString() {
      return seed + " " + features + " " + plan;
    }
  }

  static List<Case> cases() {
    return IntStream.range(0, 20).mapToObj(FusedPreprocessingTest::randomCase).toList();
  }

  private static Case randomCase(int seed) {
    Random random = new Random(seed);
    List<String> features = new ArrayList<>(List.of(SCHEMA.fieldNames()).subList(1, 10));
    Collections.shuffle(features, random);
    features = features.subList(0, 1 + random.nextInt(features.size()));
    Missing missing = Missing.values()[seed % Missing.values().length];
    UnseenCategory unseen = random.nextInt(4) == 0 ? UnseenCategory.ERROR : UnseenCategory.KEEP;
    PreprocessPlan.Builder plan =
        PreprocessPlan.builder()
            .divideBy(random.nextBoolean() ? 1 : 7)
            .scaler(Scaler.values()[random.nextInt(Scaler.values().length)])
            .normalizer(Normalizer.values()[random.nextInt(Normalizer.values().length)])
            .missing(missing)
            .missingConstant(-1.5)
            .missingIndicator(missing != Missing.ERROR && random.nextBoolean())
            .unseenCategory(unseen)
            .minCategoryCount(unseen == UnseenCategory.ERROR ? 1 : 1 + random.nextInt(4));
    if (features.contains("word") && random.nextBoolean()) {
      plan.hashed(Map.of("word", 1 + random.nextInt(100)));
    }
    if (features.contains("gain") && random.nextBoolean()) {
      plan.binned(Map.of("gain", 2 + random.nextInt(9)));
    } else if (features.contains("height") && random.nextBoolean()) {
      plan.scaledColumns(List.of("height"));
    }
    return new Case(seed, plan.build(), features);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void oneFunctionGivesWhatTheStagesGive(Case drawn) {
    boolean gaps = drawn.plan.missing() != Missing.ERROR;
    boolean kept = drawn.plan.unseenCategory() == UnseenCategory.KEEP;
    List<Row> training = randomRows(80, drawn.seed, gaps, kept, 0);
    List<Row> others = kept ? randomRows(40, drawn.seed + 1000, gaps, true, 3) : training;

    Preprocessing fitted =
        Preprocessing.fit(dataset(training, 3), drawn.features, CATEGORICAL, drawn.plan);

    assertThat(fitted.encoder()).isPresent();
    assertSame(fitted, dataset(training, 2));
    assertSame(fitted, dataset(others, 2));
    assertThat(fitted.transform(dataset(training, 1)).columns())
        .hasSize(SCHEMA.length() + (fitted.stages().isEmpty() ? 0 : 1))
        .contains(fitted.outputColumn());
    List<Row> shuffled = new ArrayList<>(training);
    Collections.shuffle(shuffled, new Random(1));
    Preprocessing again =
        Preprocessing.fit(dataset(shuffled, 7), drawn.features, CATEGORICAL, drawn.plan);
    assertThat(bits(again.transform(dataset(others, 1)), again.outputColumn()))
        .isEqualTo(bits(fitted.transform(dataset(others, 1)), fitted.outputColumn()));
  }

  @Test
  void aLoadedPipelineIsTheSameFunction(@TempDir Path folder) throws IOException {
    PreprocessPlan plan =
        PreprocessPlan.builder()
            .scaler(Scaler.MIN_MAX)
            .normalizer(Normalizer.L2)
            .missing(Missing.MEDIAN)
            .missingIndicator(true)
            .minCategoryCount(2)
            .hashed(Map.of("word", 32))
            .binned(Map.of("gain", 4))
            .build();
    List<String> features = List.of(SCHEMA.fieldNames()).subList(1, 10);
    Preprocessing fitted =
        Preprocessing.fit(
            dataset(randomRows(50, 5, true, true, 0), 2), features, CATEGORICAL, plan);
    String path = folder.resolve("model").toString();
    fitted.between(List.of(), List.of()).save(path);

    Preprocessing loaded =
        Preprocessing.of(List.of(PipelineModel.load(path).stages()), fitted.outputColumn());

    assertThat(loaded.inputs()).isEqualTo(fitted.inputs());
    Dataset<Row> rows = dataset(randomRows(50, 6, true, true, 3), 2);
    assertThat(bits(loaded.transform(rows), loaded.outputColumn()))
        .isEqualTo(bits(fitted.transform(rows), fitted.outputColumn()));
    assertThat(loaded.inputs())
        .containsExactlyInAnyOrder(
            new InputColumn("height", InputColumn.Kind.NUMERIC, true),
            new InputColumn("visits", InputColumn.Kind.NUMERIC, true),
            new InputColumn("member", InputColumn.Kind.NUMERIC, true),
            new InputColumn("gain", InputColumn.Kind.NUMERIC, true),
            new InputColumn("x", InputColumn.Kind.VECTOR, false),
            new InputColumn("city", InputColumn.Kind.CATEGORICAL, true),
            new InputColumn("zip", InputColumn.Kind.CATEGORICAL, true),
            new InputColumn("smoker", InputColumn.Kind.CATEGORICAL, true),
            new InputColumn("word", InputColumn.Kind.CATEGORICAL, true));
  }

  @Test
  void stagesOfAnothersMakingRunOneByOne() {
    Transformer binarizer =
        new Binarizer().setInputCol("height").setOutputCol("isTall").setThreshold(0);
    Preprocessing preprocessing = Preprocessing.of(List.of(binarizer), "isTall");
    assertThat(preprocessing.encoder()).isEmpty();
    assertThat(preprocessing.inputs()).isEmpty();
    List<Row> rows = List.of(row(0, -1.0), row(1, 2.0));
    assertThat(preprocessing.transform(dataset(rows, 1)).select("isTall").collectAsList())
        .containsExactly(RowFactory.create(0.0), RowFactory.create(1.0));
  }

  @Test
  void theStagesNameTheFeatures() {
    Dataset<Row> rows = dataset(List.of(row(0, 1.0), row(1, null)), 1);
    Preprocessing fitted =
        Preprocessing.fit(
            rows,
            List.of("city", "height"),
            CATEGORICAL,
            PreprocessPlan.builder().missing(Missing.MEAN).missingIndicator(true).build());
    StructType schema = fitted.between(List.of(), List.of()).transform(rows).schema();
    assertThat(
            AttributeGroup.fromStructField(schema.apply(fitted.outputColumn())).attributes().get())
        .extracting(attribute -> attribute.name().get())
        .containsExactly(
            "height_imputed", "height_missing", "city_onehot_Ulm", "city_onehot___unknown");
  }

  private static void assertSame(Preprocessing fitted, Dataset<Row> rows) {
    assertThat(bits(fitted.transform(rows), fitted.outputColumn()))
        .isEqualTo(
            bits(fitted.between(List.of(), List.of()).transform(rows), fitted.outputColumn()));
  }

  /** Every vector with its kind and the bits of its values. */
  private static List<String> bits(Dataset<Row> rows, String column) {
    return rows.orderBy("id").select(column).collectAsList().stream()
        .map(
            row -> {
              Vector vector = row.getAs(0);
              StringBuilder text = new StringBuilder(vector.getClass().getSimpleName());
              for (double value : vector.toArray()) {
                text.append(' ').append(value);
              }
              return text.toString();
            })
        .toList();
  }

  private static Row row(int id, Double height) {
    return RowFactory.create(
        id, height, 1, true, 0.0, Vectors.dense(1), "Ulm", 89073L, false, "word");
  }

  private static List<Row> randomRows(
      int count, int seed, boolean missingNumbers, boolean missingCategories, int shift) {
    Random random = new Random(seed);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Vector x =
          Vectors.dense(random.nextGaussian(), random.nextInt(3) == 0 ? 1 : 0, 0, 0, 0, 0, -0.0, 2);
      Object[] values = {
        i,
        random.nextGaussian(),
        random.nextInt(5),
        random.nextBoolean(),
        random.nextInt(3) > 0 ? 0.0 : 1000 * random.nextDouble(),
        random.nextBoolean() ? x : x.toSparse(),
        "city " + (shift + random.nextInt(6)),
        (long) shift + random.nextInt(12),
        random.nextBoolean(),
        "wörd " + random.nextInt(30)
      };
      for (int c = 1; c < values.length; c++) {
        boolean isCategory = CATEGORICAL.contains(SCHEMA.fieldNames()[c]);
        if (c != X && gap(isCategory ? missingCategories : missingNumbers, random)) {
          values[c] = c == HEIGHT && random.nextBoolean() ? (Object) Double.NaN : null;
        }
      }
      rows.add(RowFactory.create(values));
    }
    return rows;
  }

  private static boolean gap(boolean allowed, Random random) {
    return allowed && random.nextInt(8) == 0;
  }

  private static Dataset<Row> dataset(List<Row> rows, int partitions) {
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());
    return LocalSpark.session().createDataFrame(context.parallelize(rows, partitions), SCHEMA);
  }
}
