package dev.convene.benchmark;

import dev.convene.ml.NeuralNetworkClassificationModel;
import dev.convene.nn.Activation;
import dev.convene.nn.DenseNetwork;
import dev.convene.nn.Initializer;
import dev.convene.nn.Loss;
import dev.convene.onnx.OnnxModel;
import dev.convene.preprocess.PreprocessPlan;
import dev.convene.preprocess.Preprocessing;
import dev.convene.preprocess.Scaler;
import dev.convene.testkit.LocalSpark;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Exported models of the shapes that conf/ has, with a row for each. */
public enum ExportedModel {
  SOFTMAX,
  MLP,
  /** Six numbers, and eight categorical columns of twelve categories each: 110 features. */
  TABLE;

  private static final int PIXELS = 784;
  private static final int NUMBERS = 6;
  private static final int CATEGORICAL = 8;
  private static final int CATEGORIES = 12;
  private static final int ROWS = 200;

  private List<Integer> hidden() {
    return switch (this) {
      case SOFTMAX -> List.of();
      case MLP -> List.of(256, 256);
      case TABLE -> List.of(64, 32);
    };
  }

  byte[] bytes() {
    Dataset<Row> rows = rows();
    List<String> columns = List.of(rows.columns());
    Set<String> categorical =
        columns.stream().filter(name -> name.startsWith("c")).collect(Collectors.toSet());
    PreprocessPlan.Builder plan = PreprocessPlan.builder();
    Preprocessing preprocessing =
        Preprocessing.fit(
            rows,
            columns,
            categorical,
            (this == TABLE ? plan.scaler(Scaler.STANDARD) : plan.divideBy(255)).build());
    int features = this == TABLE ? NUMBERS + CATEGORICAL * (CATEGORIES + 1) : PIXELS;
    DenseNetwork network =
        DenseNetwork.of(
            features,
            hidden(),
            this == TABLE ? 2 : 10,
            Activation.RELU,
            0,
            Loss.SOFTMAX_CROSS_ENTROPY);
    NeuralNetworkClassificationModel model =
        NeuralNetworkClassificationModel.of(
            network, Initializer.XAVIER.initialParameters(network, 1));
    return OnnxModel.of(preprocessing, model, List.of(), Map.of()).bytes();
  }

  Row row() {
    return rows().head();
  }

  private Dataset<Row> rows() {
    Random random = new Random(1);
    StructType schema = new StructType();
    if (this != TABLE) {
      schema = schema.add("pixels", SQLDataTypes.VectorType());
    } else {
      for (int n = 0; n < NUMBERS; n++) {
        schema = schema.add("n" + n, DataTypes.DoubleType);
      }
      for (int c = 0; c < CATEGORICAL; c++) {
        schema = schema.add("c" + c, DataTypes.StringType);
      }
    }
    List<Row> rows = new ArrayList<>();
    for (int r = 0; r < ROWS; r++) {
      rows.add(this == TABLE ? tableRow(random, r) : image(random));
    }
    return LocalSpark.session().createDataFrame(rows, schema);
  }

  /** A fifth of the pixels is ink, as in MNIST. */
  private static Row image(Random random) {
    return RowFactory.create(
        Vectors.dense(
            IntStream.range(0, PIXELS)
                .mapToDouble(pixel -> random.nextInt(5) == 0 ? random.nextInt(256) : 0)
                .toArray()));
  }

  private static Row tableRow(Random random, int number) {
    Stream<Object> numbers = random.doubles(NUMBERS).mapToObj(x -> x);
    Stream<Object> categories =
        IntStream.range(0, CATEGORICAL).mapToObj(c -> "category " + (number + c) % CATEGORIES);
    return RowFactory.create(Stream.concat(numbers, categories).toArray());
  }
}
