package dev.convene.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.OneHotEncoder;
import org.apache.spark.ml.feature.StandardScaler;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** What is scored: seeded rows and the widths of a network. */
enum ScoringCase {
  /** Rows of MNIST's shape, dense. */
  MNIST(60_000, 784, 256, 256, 10) {
    @Override
    StructType schema() {
      return FEATURES_ONLY;
    }

    @Override
    Row row(Random random) {
      double[] pixels = new double[784];
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = random.nextInt(5) == 0 ? random.nextInt(256) / 255.0 : 0;
      }
      return RowFactory.create(Vectors.dense(pixels));
    }
  },

  /** Rows of Adult's shape after preprocessing: 6 numbers and 8 one-hot groups, sparse. */
  ADULT(1_000_000, 108, 64, 32, 2) {
    @Override
    StructType schema() {
      return FEATURES_ONLY;
    }

    @Override
    Row row(Random random) {
      int entries = NUMBERS + CATEGORIES.length;
      int[] indices = new int[entries];
      double[] values = new double[entries];
      int slot = NUMBERS;
      for (int i = 0; i < entries; i++) {
        if (i < NUMBERS) {
          indices[i] = i;
          values[i] = random.nextGaussian();
        } else {
          int categories = CATEGORIES[i - NUMBERS];
          indices[i] = slot + random.nextInt(categories);
          values[i] = 1;
          slot += categories;
        }
      }
      return RowFactory.create(Vectors.sparse(slot, indices, values));
    }
  },

  /** Adult's own table: 6 numeric and 8 text columns, preprocessed on the way. */
  ADULT_TABLE(200_000, 108, 64, 32, 2) {
    @Override
    StructType schema() {
      StructType schema = new StructType();
      for (String column : numberColumns()) {
        schema = schema.add(column, DataTypes.DoubleType);
      }
      for (String column : categoryColumns("category")) {
        schema = schema.add(column, DataTypes.StringType);
      }
      return schema;
    }

    @Override
    Row row(Random random) {
      List<Object> values = new ArrayList<>();
      for (int i = 0; i < NUMBERS; i++) {
        values.add(random.nextGaussian());
      }
      for (int categories : CATEGORIES) {
        values.add("category-" + random.nextInt(categories));
      }
      return RowFactory.create(values.toArray());
    }

    @Override
    PipelineModel preprocessing(Dataset<Row> rows) {
      List<String> parts = new ArrayList<>(List.of("scaled"));
      parts.addAll(List.of(categoryColumns("vector")));
      return new Pipeline()
          .setStages(
              new PipelineStage[] {
                new VectorAssembler().setInputCols(numberColumns()).setOutputCol("numbers"),
                new StandardScaler()
                    .setInputCol("numbers")
                    .setOutputCol("scaled")
                    .setWithMean(true),
                new StringIndexer()
                    .setStringOrderType("alphabetAsc")
                    .setInputCols(categoryColumns("category"))
                    .setOutputCols(categoryColumns("index")),
                new OneHotEncoder()
                    .setDropLast(false)
                    .setInputCols(categoryColumns("index"))
                    .setOutputCols(categoryColumns("vector")),
                new VectorAssembler()
                    .setInputCols(parts.toArray(new String[0]))
                    .setOutputCol("features")
              })
          .fit(rows);
    }
  };

  private static final StructType FEATURES_ONLY = new StructType().add("features", new VectorUDT());

  /** Adult's numeric columns, and how many values each of its other columns has: 102. */
  private static final int NUMBERS = 6;

  private static final int[] CATEGORIES = {9, 16, 7, 15, 6, 5, 2, 42};

  final int rows;
  private final int inputs;
  private final int firstHidden;
  private final int secondHidden;
  private final int outputs;

  ScoringCase(int rows, int inputs, int firstHidden, int secondHidden, int outputs) {
    this.rows = rows;
    this.inputs = inputs;
    this.firstHidden = firstHidden;
    this.secondHidden = secondHidden;
    this.outputs = outputs;
  }

  /** Of the network, from inputs to outputs. */
  int[] widths() {
    return new int[] {inputs, firstHidden, secondHidden, outputs};
  }

  abstract StructType schema();

  abstract Row row(Random random);

  /** What makes the column {@code features} of the rows. */
  PipelineModel preprocessing(Dataset<Row> rows) {
    return new Pipeline().setStages(new PipelineStage[0]).fit(rows);
  }

  Dataset<Row> dataset(SparkSession spark) {
    return spark
        .range(0, rows, 1, 4)
        .map((MapFunction<Long, Row>) id -> row(new Random(id)), Encoders.row(schema()));
  }

  private static String[] numberColumns() {
    return IntStream.range(0, NUMBERS).mapToObj(i -> "number" + i).toArray(String[]::new);
  }

  private static String[] categoryColumns(String prefix) {
    return IntStream.range(0, CATEGORIES.length).mapToObj(i -> prefix + i).toArray(String[]::new);
  }
}
