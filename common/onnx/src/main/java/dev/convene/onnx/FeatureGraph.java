package dev.convene.onnx;

import static dev.convene.onnx.GraphBuilder.attribute;
import static dev.convene.onnx.GraphBuilder.integers;
import static dev.convene.onnx.GraphBuilder.strings;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.convene.preprocess.FeatureVisitor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Preprocessing in an ONNX graph, in double as the pipeline has it. ONNX has no exceptions: a row
 * that the pipeline refuses makes an index that lies outside of its tensor, which a runtime
 * refuses, at a node whose name is the reason.
 */
final class FeatureGraph implements FeatureVisitor<FeatureGraph.Features> {
  /** A category that is missing, for ONNX's texts cannot be. */
  private static final String MISSING = "";

  /**
   * Features of a row.
   *
   * @param tensor of double, [rows, width]
   */
  record Features(String tensor, int width) {}

  private final GraphBuilder graph;
  private final int networkInputs;
  private final Map<String, String> documentation;

  /** Numbers and vectors as double, by column. */
  private final Map<String, String> inputs = new HashMap<>();

  private final Map<Integer, String> indices = new HashMap<>();

  /**
   * @param networkInputs the length of a vector that is all features, if nothing else says it
   * @param documentation of inputs by column; where there is none, their kind
   */
  FeatureGraph(GraphBuilder graph, int networkInputs, Map<String, String> documentation) {
    this.graph = graph;
    this.networkInputs = networkInputs;
    this.documentation = documentation;
  }

  @Override
  public Features number(String column, double surrogate) {
    String number = numbers(column, 1);
    String isMissing = graph.node("IsNaN", List.of(number));
    if (!Double.isNaN(surrogate)) {
      String replacement = graph.constant("surrogate", surrogate);
      return new Features(graph.node("Where", List.of(isMissing, replacement, number)), 1);
    }
    String zero =
        graph.explained(
            "column %s is missing or NaN, which the model does not allow".formatted(column),
            "Gather",
            List.of(graph.constant("zero", 0.0), graph.cast(isMissing, DataType.INT64)));
    return new Features(graph.node("Add", List.of(number, zero)), 1);
  }

  @Override
  public Features missing(String column) {
    String isMissing = graph.node("IsNaN", List.of(numbers(column, 1)));
    return new Features(graph.cast(isMissing, DataType.DOUBLE), 1);
  }

  @Override
  public Features vector(String column, int size) {
    int width = size < 0 ? networkInputs : size;
    return new Features(numbers(column, width), width);
  }

  private String numbers(String column, int width) {
    return inputs.computeIfAbsent(
        column,
        added -> {
          String kind = width == 1 ? "a number; NaN: missing" : width + " numbers";
          graph.input(column, DataType.FLOAT, width, documentation.getOrDefault(column, kind));
          return graph.cast(column, DataType.DOUBLE);
        });
  }

  private String category(String column) {
    return inputs.computeIfAbsent(
        column,
        added -> {
          graph.input(
              column,
              DataType.STRING,
              1,
              documentation.getOrDefault(column, "a category; the empty text: missing"));
          return column;
        });
  }

  @Override
  public Features category(
      String column, Map<String, Integer> indexByCategory, int unseen, int slots) {
    List<String> categories = new ArrayList<>();
    List<Long> places = new ArrayList<>();
    SpelledCategories.of(indexByCategory)
        .forEach(
            (category, index) -> {
              categories.add(category);
              places.add((long) index);
            });
    String index =
        graph.node(
            GraphBuilder.ML,
            "LabelEncoder",
            List.of(category(column)),
            strings("keys_strings", categories),
            integers("values_int64s", places),
            attribute("default_int64", unseen < 0 ? slots : unseen));
    if (unseen < 0) {
      index =
          graph.explained(
              "column %s holds a category that training did not see, or none".formatted(column),
              "Gather",
              List.of(indices(slots), index));
    }
    return slots(graph.node("Equal", List.of(index, indices(slots))), slots);
  }

  @Override
  public Features hashed(String column, String term, int buckets) {
    String category = category(column);
    String text =
        graph.node("StringConcat", List.of(graph.constant("term", List.of(term + "=")), category));
    String hash =
        graph.node(
            GraphBuilder.ONNX_RUNTIME,
            "MurmurHash3",
            List.of(text),
            attribute("seed", 42),
            attribute("positive", 0));
    String bucket =
        graph.node(
            "Mod",
            List.of(graph.cast(hash, DataType.INT64), graph.constant("buckets", (long) buckets)));
    String isMissing =
        graph.node("Equal", List.of(category, graph.constant("none", List.of(MISSING))));
    String isBucket = graph.node("Equal", List.of(bucket, indices(buckets)));
    String isThere = graph.node("Not", List.of(isMissing));
    return slots(graph.node("And", List.of(isBucket, isThere)), buckets);
  }

  @Override
  public Features binned(Features number, double[] borders) {
    // Nothing is at or above NaN.
    double[] reached = borders.length == 0 ? new double[] {Double.NaN} : borders;
    String isAbove =
        graph.node("GreaterOrEqual", List.of(number.tensor(), graph.constant("borders", reached)));
    String bin = sum(graph.cast(isAbove, DataType.DOUBLE));
    double[] bins = IntStream.rangeClosed(0, borders.length).asDoubleStream().toArray();
    return slots(graph.node("Equal", List.of(bin, graph.constant("bins", bins))), bins.length);
  }

  private Features slots(String booleans, int count) {
    return new Features(graph.cast(booleans, DataType.DOUBLE), count);
  }

  private String indices(int count) {
    return indices.computeIfAbsent(
        count, added -> graph.constant("indices", LongStream.range(0, count).toArray()));
  }

  @Override
  public Features assembled(List<Features> parts) {
    if (parts.size() == 1) {
      return parts.get(0);
    }
    List<String> tensors = parts.stream().map(Features::tensor).toList();
    int width = parts.stream().mapToInt(Features::width).sum();
    return new Features(graph.node("Concat", tensors, attribute("axis", 1)), width);
  }

  @Override
  public Features scaled(Features features, double[] shifts, double[] factors, double[] offsets) {
    String tensor = features.tensor();
    if (!isAll(0, shifts)) {
      tensor = graph.node("Sub", List.of(tensor, perFeature("shifts", shifts)));
    }
    if (!isAll(1, factors)) {
      tensor = graph.node("Mul", List.of(tensor, perFeature("factors", factors)));
    }
    if (!isAll(0, offsets)) {
      tensor = graph.node("Add", List.of(tensor, perFeature("offsets", offsets)));
    }
    return new Features(tensor, features.width());
  }

  /** A number for each feature; one for all if they are equal. */
  private String perFeature(String hint, double[] values) {
    return isAll(values[0], values)
        ? graph.constant(hint, values[0])
        : graph.constant(hint, values);
  }

  private static boolean isAll(double number, double[] values) {
    return DoubleStream.of(values).allMatch(value -> value == number);
  }

  @Override
  public Features normalized(Features features, double p) {
    String norm = norm(features.tensor(), p);
    String zero = graph.constant("zero", 0.0);
    String isZero = graph.node("Equal", List.of(norm, zero));
    String divisor = graph.node("Where", List.of(isZero, graph.constant("one", 1.0), norm));
    return new Features(graph.node("Div", List.of(features.tensor(), divisor)), features.width());
  }

  private String norm(String features, double p) {
    if (p == 2) {
      return graph.node("Sqrt", List.of(sum(graph.node("Mul", List.of(features, features)))));
    }
    String magnitudes = graph.node("Abs", List.of(features));
    return p == 1 ? sum(magnitudes) : overRow("ReduceMax", magnitudes);
  }

  private String sum(String tensor) {
    return overRow("ReduceSum", tensor);
  }

  /** One number a row, [rows, 1]. */
  private String overRow(String operator, String tensor) {
    return graph.node(operator, List.of(tensor, graph.constant("axis", 1L)));
  }
}
