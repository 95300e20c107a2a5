package dev.convene.ml;

import static dev.convene.ml.Failures.refuses;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.ExitStatus;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.spark.ml.attribute.BinaryAttribute;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ColumnChecksTest {
  private static final StructType SCHEMA =
      new StructType()
          .add("features", new VectorUDT())
          .add("label", DataTypes.IntegerType)
          .add("name", DataTypes.StringType)
          .add("targets", new VectorUDT());

  private static final String COLUMNS = ": the columns are [features, label, name, targets]";

  static Stream<Arguments> wrongColumns() {
    return Stream.of(
        wrong("featuresCol", "x", "there is no column x (featuresCol)" + COLUMNS),
        wrong(
            "featuresCol",
            "label",
            "column label (featuresCol) is of type int: "
                + "features are one vector, as VectorAssembler makes it"),
        wrong("labelCol", "y", "there is no column y (labelCol)" + COLUMNS),
        wrong("weightCol", "w", "there is no column w (weightCol)" + COLUMNS),
        wrong(
            "weightCol", "name", "column name (weightCol) is of type string: weights are numbers"),
        wrong(
            "validationIndicatorCol",
            "v",
            "there is no column v (validationIndicatorCol)" + COLUMNS),
        wrong(
            "validationIndicatorCol",
            "label",
            "column label (validationIndicatorCol) is of type int: "
                + "it has to be boolean, true for rows to validate on"));
  }

  private static Arguments wrong(String param, String column, String message) {
    return Arguments.of(param, column, message);
  }

  @ParameterizedTest
  @MethodSource("wrongColumns")
  void aWrongColumnIsNamed(String param, String column, String message) {
    NeuralNetworkClassifier classifier = new NeuralNetworkClassifier();
    classifier.set(classifier.getParam(param), column);
    NeuralNetworkRegressor regressor = new NeuralNetworkRegressor();
    regressor.set(regressor.getParam(param), column);

    refuses(() -> classifier.transformSchema(SCHEMA), ExitStatus.DATA, message);
    refuses(() -> regressor.transformSchema(SCHEMA), ExitStatus.DATA, message);
  }

  @Test
  void aLabelIsOfTheTaskOfTheEstimator() {
    refuses(
        () -> new NeuralNetworkClassifier().setLabelCol("name").transformSchema(SCHEMA),
        ExitStatus.DATA,
        "column name (labelCol) is of type string: "
            + "class labels are numbers 0, 1, ..., K - 1, as StringIndexer makes them");
    refuses(
        () -> new NeuralNetworkRegressor().setLabelCol("name").transformSchema(SCHEMA),
        ExitStatus.DATA,
        "column name (labelCol) is of type string: "
            + "targets are numbers, or vectors of them for several outputs");
    assertThat(
            new NeuralNetworkRegressor()
                .setLabelCol("targets")
                .transformSchema(SCHEMA)
                .apply("prediction")
                .dataType())
        .isEqualTo(new VectorUDT());
  }

  @Test
  void aRowWithoutIndicatorIsTrainedOn() {
    List<Row> rows = Rows.classes(40, 2);
    Dataset<Row> without =
        Rows.in(2, rows)
            .withColumn("validation", functions.when(col("validation"), true).otherwise(null));

    assertThat(
            fit(classifier -> classifier.setValidationIndicatorCol("validation"), without)
                .history()
                .get(0)
                .examples())
        .isEqualTo(32);
  }

  @Test
  void classesAreThoseOfTheMetadata() {
    Dataset<Row> rows = Rows.in(2, Rows.classes(40, 2));
    Metadata four = NominalAttribute.defaultAttr().withNumValues(4).toMetadata();
    Metadata two = BinaryAttribute.defaultAttr().toMetadata();
    Metadata three =
        NominalAttribute.defaultAttr().withValues(new String[] {"a", "b", "c"}).toMetadata();

    assertThat(fit(rows, four).numClasses()).isEqualTo(4);
    assertThat(fit(rows, three).numClasses()).isEqualTo(3);
    assertThat(fit(rows, two).numClasses()).isEqualTo(2);
    assertThat(fit(rows, Metadata.empty()).numClasses()).isEqualTo(2);
    refuses(
        () -> fit(Rows.in(1, Rows.classes(40, 4)), three),
        ExitStatus.DATA,
        "label 3 in the training data, but the metadata of column label declare 3 classes 0..2");
  }

  private static NeuralNetworkClassificationModel fit(Dataset<Row> rows, Metadata metadata) {
    return fit(
        UnaryOperator.identity(), rows.withColumn("label", col("label").as("label", metadata)));
  }

  private static NeuralNetworkClassificationModel fit(
      UnaryOperator<NeuralNetworkClassifier> setting, Dataset<Row> rows) {
    return setting.apply(new NeuralNetworkClassifier().setEpochs(1).setWorkers(1)).fit(rows);
  }

  @Test
  void theSlotOfUnseenLabelsIsNoClassUnlessItOccurs() {
    Dataset<Row> rows =
        Rows.in(2, Rows.classes(40, 3)).withColumn("name", col("label").cast("string"));
    Dataset<Row> seen = rows.filter("label < 2");
    StringIndexer indexer =
        new StringIndexer()
            .setInputCol("name")
            .setOutputCol("index")
            .setStringOrderType("alphabetAsc")
            .setHandleInvalid("keep");

    assertThat(fit(c -> c.setLabelCol("index"), indexer.fit(seen).transform(seen)).numClasses())
        .isEqualTo(2);
    assertThat(fit(c -> c.setLabelCol("index"), indexer.fit(seen).transform(rows)).numClasses())
        .isEqualTo(3);
  }

  @Test
  void labelsOfOneClassAreRefused() {
    refuses(
        () -> fit(UnaryOperator.identity(), Rows.in(2, Rows.classes(40, 3)).filter("label = 2")),
        ExitStatus.DATA,
        "the labels in the training data are all 2: classification needs two classes");
  }

  @Test
  void thresholdsAreAsManyAsClasses() {
    refuses(
        () ->
            fit(
                classifier -> classifier.setThresholds(new double[] {0.5, 0.5}),
                Rows.in(2, Rows.classes(40, 3))),
        ExitStatus.USAGE,
        "thresholds has 2 numbers, but there are 3 classes");
  }
}
