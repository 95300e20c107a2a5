package dev.convene.jobs;

import dev.convene.ConveneException;
import dev.convene.data.ColumnNames;
import dev.convene.data.PackedFeatures;
import dev.convene.data.RowSplit;
import dev.convene.data.image.ImageShape;
import dev.convene.data.image.Thumbnail;
import dev.convene.ml.NeuralNetworkClassificationModel;
import dev.convene.ml.NeuralNetworkRegressionModel;
import dev.convene.preprocess.InputColumn;
import dev.convene.report.TextTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;

/**
 * A row with what a model makes of it, in words.
 *
 * @param names of the raw columns that the model reads; of none if the row is an image
 * @param values of these columns
 * @param image the row, if it is one
 * @param label empty if the rows have none
 * @param likeliest all classes, the most probable first; none of a regression
 */
record ShownRow(
    List<String> names,
    List<String> values,
    Optional<Thumbnail> image,
    Optional<String> label,
    String prediction,
    List<Likely> likeliest) {
  private static final String ORDER = "_convene_order";

  /** A class and its probability. */
  record Likely(String name, double probability) {}

  /**
   * Draws a row.
   *
   * @param rows with the model's columns, and its label or not
   */
  static ShownRow draw(Dataset<Row> rows, ScoringPipeline model, long seed) {
    boolean hasLabel = List.of(rows.columns()).containsAll(model.labels().columns());
    String order = ColumnNames.free(ORDER, List.of(rows.columns()));
    Dataset<Row> drawn =
        rows.withColumn(order, RowSplit.SHOWN.order(rows, seed))
            .orderBy(ColumnNames.column(order))
            .limit(1)
            .drop(order);
    Dataset<Row> prepared = model.preprocessing().transform(drawn);
    List<String> inputs = model.preprocessing().inputs().stream().map(InputColumn::name).toList();
    List<Column> wanted = new ArrayList<>();
    wanted.add(ColumnNames.column(model.preprocessing().outputColumn()).as("prepared"));
    if (hasLabel) {
      model.labels().columns().forEach(label -> wanted.add(ColumnNames.column(label)));
    }
    int first = wanted.size();
    wanted.addAll(List.of(PackedFeatures.columns(prepared.schema(), inputs)));
    Row row = prepared.select(wanted.toArray(Column[]::new)).first();
    Optional<Thumbnail> image = image(rows, inputs, row, first);
    return of(model, row, image.isPresent() ? List.of() : inputs, first, image);
  }

  private static Optional<Thumbnail> image(
      Dataset<Row> rows, List<String> inputs, Row row, int first) {
    if (inputs.size() != 1) {
      return Optional.empty();
    }
    return PackedFeatures.columns(rows.schema()).stream()
        .filter(field -> field.name().equals(inputs.get(0)))
        .map(StructField::metadata)
        .map(ImageShape::of)
        .flatMap(Optional::stream)
        .findFirst()
        .map(
            shape ->
                Thumbnail.of(
                    row.<Vector>getAs(first).toArray(), shape, TerminalImage.MOST_COLUMNS));
  }

  private static ShownRow of(
      ScoringPipeline model, Row row, List<String> names, int first, Optional<Thumbnail> image) {
    List<String> values =
        IntStream.range(0, names.size()).mapToObj(i -> text(row.get(first + i))).toList();
    Optional<String> label =
        first == 1
            ? Optional.empty()
            : Optional.of(
                IntStream.range(1, first)
                    .mapToObj(i -> text(row.get(i)))
                    .collect(Collectors.joining(", ")));
    Vector features = row.getAs(0);
    if (model.network() instanceof NeuralNetworkClassificationModel classifier) {
      double[] probabilities = classifier.predictProbability(features).toArray();
      List<Likely> likeliest =
          IntStream.range(0, probabilities.length)
              .mapToObj(k -> new Likely(name(model, k), probabilities[k]))
              .sorted(Comparator.comparingDouble(Likely::probability).reversed())
              .toList();
      return new ShownRow(
          names, values, image, label, name(model, (int) classifier.predict(features)), likeliest);
    }
    if (model.network() instanceof NeuralNetworkRegressionModel regression) {
      String prediction =
          Arrays.stream(regression.predictOutputs(features).toArray())
              .mapToObj(output -> String.valueOf((float) output))
              .collect(Collectors.joining(", "));
      return new ShownRow(names, values, image, label, prediction, List.of());
    }
    throw ConveneException.data("the model in output.dir is none of Convene's networks");
  }

  private static String name(ScoringPipeline model, int k) {
    List<String> names = model.labels().names();
    return names.isEmpty() ? Integer.toString(k) : names.get(k);
  }

  private static String text(Object value) {
    if (value instanceof Double number) {
      return TextTable.plain(number);
    }
    if (value instanceof Vector vector) {
      return "%d numbers".formatted(vector.size());
    }
    return value == null ? "(missing)" : value.toString();
  }

  /** Whether the class is the label; empty without a label, and for a regression. */
  Optional<Boolean> isRight() {
    return likeliest.isEmpty() ? Optional.empty() : label.map(prediction::equals);
  }
}
