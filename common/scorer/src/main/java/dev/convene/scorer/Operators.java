package dev.convene.scorer;

import dev.convene.scorer.OnnxGraph.Node;
import dev.convene.scorer.RowValues.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** ONNX's operators for a single row: those that Convene's graphs are made of. */
final class Operators {
  private final Program.Builder program;

  Operators(Program.Builder program) {
    this.program = program;
  }

  /**
   * The step of a node; empty if it changes nothing but the tensor's name or type.
   *
   * @throws ScorerException if the operator is not known here
   */
  Optional<Step> step(Node node) {
    List<String> inputs = node.inputs();
    return switch (node.operator()) {
      case "Identity" -> alias(node);
      case "Cast" ->
          node.integer("to", 0) == Tensor.FLOAT ? Optional.of(floats(node)) : alias(node);
      case "IsNaN" -> Optional.of(each(node, x -> Double.isNaN(x) ? 1 : 0));
      case "Not" -> Optional.of(each(node, x -> 1 - x));
      case "Abs" -> Optional.of(each(node, Math::abs));
      case "Sqrt" -> Optional.of(each(node, Math::sqrt));
      case "ReduceSum" -> Optional.of(reduced(node, 0, Double::sum));
      case "ReduceMax" -> Optional.of(reduced(node, Double.NEGATIVE_INFINITY, Math::max));
      case "Add" -> Optional.of(pairs(node, Double::sum));
      case "Sub" -> Optional.of(pairs(node, (x, y) -> x - y));
      case "Mul" ->
          Optional.of(
              program.kind(inputs.get(0)) == Kind.FLOATS
                  ? new NetworkOperators(program).product(node)
                  : pairs(node, (x, y) -> x * y));
      case "Div" -> Optional.of(pairs(node, (x, y) -> x / y));
      case "Mod" -> Optional.of(pairs(node, (x, y) -> Math.floorMod((long) x, (long) y)));
      case "And" -> Optional.of(pairs(node, (x, y) -> x * y));
      case "GreaterOrEqual" -> Optional.of(pairs(node, (x, y) -> x >= y ? 1 : 0));
      case "Equal" ->
          Optional.of(
              program.kind(inputs.get(0)) == Kind.TEXTS
                  ? equalTexts(node)
                  : pairs(node, (x, y) -> x == y ? 1 : 0));
      case "Where" -> Optional.of(where(node));
      case "Concat" -> Optional.of(concatenation(node));
      case "Gather" ->
          Optional.of(program.kind(inputs.get(0)) == Kind.TEXTS ? textAt(node) : numberAt(node));
      case "LabelEncoder" -> Optional.of(encodedLabel(node));
      case "StringConcat" -> Optional.of(joinedText(node));
      case "MurmurHash3" -> Optional.of(hash(node));
      case "ArgMax" -> Optional.of(argMax(node));
      default ->
          Optional.of(
              new NetworkOperators(program)
                  .step(node)
                  .orElseThrow(
                      () ->
                          new ScorerException(
                              "the model has the operator %s, which this scorer does not know:"
                                      .formatted(node.operator())
                                  + " upgrade convene-scorer")));
    };
  }

  private Optional<Step> alias(Node node) {
    program.alias(node.inputs().get(0), node.output());
    return Optional.empty();
  }

  /** What the network reads: rounded to float32, and refused where nothing is left. */
  private Step floats(Node node) {
    int in = numbers(node, 0);
    int out = program.add(node.output(), Kind.FLOATS);
    return row -> {
      double[] x = row.numbers(in);
      float[] y = new float[x.length];
      for (int i = 0; i < y.length; i++) {
        y[i] = (float) x[i];
        if (!Float.isFinite(y[i])) {
          throw new ScorerException(
              "feature %s of the row becomes %s, which is not within float32's range"
                  .formatted(i, x[i]));
        }
      }
      row.setFloats(out, y);
    };
  }

  private Step each(Node node, DoubleUnaryOperator operator) {
    int in = numbers(node, 0);
    int out = program.add(node.output(), Kind.NUMBERS);
    return row -> {
      double[] x = row.numbers(in);
      double[] y = new double[x.length];
      for (int i = 0; i < y.length; i++) {
        y[i] = operator.applyAsDouble(x[i]);
      }
      row.setNumbers(out, y);
    };
  }

  private Step reduced(Node node, double first, DoubleBinaryOperator operator) {
    int in = numbers(node, 0);
    int out = program.add(node.output(), Kind.NUMBERS);
    return row -> {
      double result = first;
      for (double x : row.numbers(in)) {
        result = operator.applyAsDouble(result, x);
      }
      row.setNumbers(out, result);
    };
  }

  /** Of two tensors, of which one may be a single number for all of the other's. */
  private Step pairs(Node node, DoubleBinaryOperator operator) {
    int left = numbers(node, 0);
    int right = numbers(node, 1);
    int out = program.add(node.output(), Kind.NUMBERS);
    return row -> {
      double[] x = row.numbers(left);
      double[] y = row.numbers(right);
      double[] z = new double[Math.max(x.length, y.length)];
      for (int i = 0; i < z.length; i++) {
        z[i] = operator.applyAsDouble(x[x.length == 1 ? 0 : i], y[y.length == 1 ? 0 : i]);
      }
      row.setNumbers(out, z);
    };
  }

  private Step equalTexts(Node node) {
    int left = texts(node, 0);
    int right = texts(node, 1);
    int out = program.add(node.output(), Kind.NUMBERS);
    return row -> row.setNumbers(out, row.texts(left)[0].equals(row.texts(right)[0]) ? 1 : 0);
  }

  private Step where(Node node) {
    int condition = numbers(node, 0);
    int then = numbers(node, 1);
    int otherwise = numbers(node, 2);
    int out = program.add(node.output(), Kind.NUMBERS);
    return row -> {
      double[] isSo = row.numbers(condition);
      double[] x = row.numbers(then);
      double[] y = row.numbers(otherwise);
      double[] z = new double[isSo.length];
      for (int i = 0; i < z.length; i++) {
        z[i] = isSo[i] != 0 ? x[x.length == 1 ? 0 : i] : y[y.length == 1 ? 0 : i];
      }
      row.setNumbers(out, z);
    };
  }

  private Step concatenation(Node node) {
    int[] parts =
        node.inputs().stream().mapToInt(part -> program.place(part, Kind.NUMBERS)).toArray();
    int out = program.add(node.output(), Kind.NUMBERS);
    return row -> {
      int length = 0;
      for (int part : parts) {
        length += row.numbers(part).length;
      }
      double[] all = new double[length];
      int at = 0;
      for (int part : parts) {
        double[] x = row.numbers(part);
        System.arraycopy(x, 0, all, at, x.length);
        at += x.length;
      }
      row.setNumbers(out, all);
    };
  }

  private Step numberAt(Node node) {
    int data = numbers(node, 0);
    int index = numbers(node, 1);
    int out = program.add(node.output(), Kind.NUMBERS);
    return row -> {
      double[] x = row.numbers(data);
      row.setNumbers(out, x[index(node, row.numbers(index)[0], x.length)]);
    };
  }

  private Step textAt(Node node) {
    int data = texts(node, 0);
    int index = numbers(node, 1);
    int out = program.add(node.output(), Kind.TEXTS);
    return row -> {
      String[] x = row.texts(data);
      row.setTexts(out, x[index(node, row.numbers(index)[0], x.length)]);
    };
  }

  /** An index; where there is nothing the model refuses the row, and the node's name says why. */
  private static int index(Node node, double index, int length) {
    if (!(index >= 0 && index < length)) {
      throw new ScorerException(node.name());
    }
    return (int) index;
  }

  private Step encodedLabel(Node node) {
    int in = texts(node, 0);
    int out = program.add(node.output(), Kind.NUMBERS);
    List<String> keys = node.attributes().get("keys_strings").texts();
    List<Long> values = node.attributes().get("values_int64s").integers();
    Map<String, Double> byKey = new HashMap<>();
    for (int i = 0; i < keys.size(); i++) {
      byKey.put(keys.get(i), (double) values.get(i));
    }
    Double byDefault = (double) node.integer("default_int64", -1);
    return row -> row.setNumbers(out, byKey.getOrDefault(row.texts(in)[0], byDefault));
  }

  private Step joinedText(Node node) {
    int left = texts(node, 0);
    int right = texts(node, 1);
    int out = program.add(node.output(), Kind.TEXTS);
    return row -> row.setTexts(out, row.texts(left)[0] + row.texts(right)[0]);
  }

  private Step hash(Node node) {
    int in = texts(node, 0);
    int out = program.add(node.output(), Kind.NUMBERS);
    int seed = (int) node.integer("seed", 0);
    return row -> row.setNumbers(out, Murmur3.hash(row.texts(in)[0], seed));
  }

  /** The first of the largest. */
  private Step argMax(Node node) {
    String scores = node.inputs().get(0);
    Kind kind = program.kind(scores);
    int in = program.place(scores, kind);
    int out = program.add(node.output(), Kind.NUMBERS);
    return row -> {
      int best = 0;
      double largest = Double.NEGATIVE_INFINITY;
      int classes = kind == Kind.FLOATS ? row.floats(in).length : row.numbers(in).length;
      for (int k = 0; k < classes; k++) {
        double score = kind == Kind.FLOATS ? row.floats(in)[k] : row.numbers(in)[k];
        if (score > largest) {
          largest = score;
          best = k;
        }
      }
      row.setNumbers(out, best);
    };
  }

  private int numbers(Node node, int input) {
    return program.place(node.inputs().get(input), Kind.NUMBERS);
  }

  private int texts(Node node, int input) {
    return program.place(node.inputs().get(input), Kind.TEXTS);
  }
}
