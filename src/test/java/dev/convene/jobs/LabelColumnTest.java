package dev.convene.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.ConveneException;
import dev.convene.ExitStatus;
import dev.convene.config.Settings;
import dev.convene.ml.NeuralNetworkClassificationModel;
import dev.convene.ml.NeuralNetworkClassifier;
import dev.convene.testkit.LocalSpark;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("spark")
class LabelColumnTest {
  private static final SparkSession SPARK = LocalSpark.session();
  private static final int ROWS = 30;

  /** How often a label was read. */
  private final LongAccumulator reads = SPARK.sparkContext().longAccumulator();

  /** Rows of the classes 0, 1 and 2, whose labels count how often they are read. */
  private Dataset<Row> rows() {
    List<Row> rows =
        IntStream.range(0, ROWS)
            .mapToObj(i -> RowFactory.create(i % 3.0, Vectors.dense(i, i % 3)))
            .toList();
    StructType schema =
        new StructType().add("y", DataTypes.DoubleType).add("features", SQLDataTypes.VectorType());
    LongAccumulator counter = reads;
    UDF1<Double, Double> counted =
        label -> {
          counter.add(1);
          return label;
        };
    return SPARK
        // Spark's optimizer would compute the columns of a local table, once for each query.
        .createDataFrame(
            JavaSparkContext.fromSparkContext(SPARK.sparkContext()).parallelize(rows), schema)
        .withColumn("y", udf(counted, DataTypes.DoubleType).asNondeterministic().apply(col("y")));
  }

  private static LabelColumn fit(Dataset<Row> training, String... overrides) {
    List<String> all = new ArrayList<>(List.of("data.label=y", "data.train=t.csv"));
    all.addAll(List.of(overrides));
    Settings settings = Settings.load(null, all);
    return LabelColumn.fit(settings, new InputReader(settings, SPARK), training);
  }

  private static NeuralNetworkClassificationModel train(LabelColumn labels, Dataset<Row> rows) {
    return new NeuralNetworkClassifier()
        .setEpochs(1)
        .setWorkers(1)
        .setLabelCol(labels.target())
        .fit(labels.prepared(rows));
  }

  @Test
  void classIndicesAreReadOnceToCountThemAndOnceToTrain() {
    LabelColumn labels = fit(rows());
    assertThat(labels.classes()).hasValue(3);
    assertThat(reads.value()).isEqualTo(ROWS);

    assertThat(train(labels, rows()).numClasses()).isEqualTo(3);
    assertThat(reads.value()).isEqualTo(2 * ROWS);
  }

  @Test
  void categoriesAreReadOnceToIndexThemAndOnceToTrain() {
    LabelColumn labels = fit(rows(), "data.categorical=[y]");
    assertThat(labels.classes()).hasValue(3);
    assertThat(labels.names()).containsExactly("0.0", "1.0", "2.0");
    assertThat(reads.value()).isEqualTo(ROWS);

    assertThat(train(labels, rows()).numClasses()).isEqualTo(3);
    assertThat(reads.value()).isEqualTo(2 * ROWS);
  }

  @Test
  void otherRowsAreReadOnceToCheckThem() {
    LabelColumn labels = fit(rows().filter("y < 2"));
    reads.reset();
    assertThatThrownBy(() -> labels.requireKnown(rows(), "data.test = t.csv"))
        .isInstanceOfSatisfying(
            ConveneException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.DATA))
        .hasMessage("label 2 in data.test = t.csv is outside the model's 2 classes 0..1");
    assertThat(reads.value()).isEqualTo(ROWS);
  }

  @Test
  void targetsOfARegressionAreNotReadBefore() {
    LabelColumn labels = fit(rows(), "model.task=regression");
    labels.requireKnown(rows(), "data.test = t.csv");
    assertThat(labels.classes()).isEmpty();
    assertThat(reads.value()).isZero();
  }
}
