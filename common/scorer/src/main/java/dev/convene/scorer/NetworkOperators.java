package dev.convene.scorer;

import dev.convene.scorer.OnnxGraph.Node;
import dev.convene.scorer.RowValues.Kind;
import java.util.Optional;

/** The operators of the network, in float32. */
final class NetworkOperators {
  /** What an activation makes of a number. */
  @FunctionalInterface
  private interface Function {
    double of(float z);
  }

  private final Program.Builder program;

  NetworkOperators(Program.Builder program) {
    this.program = program;
  }

  /** The step of a node; empty if its operator is none of the network. */
  Optional<Step> step(Node node) {
    return switch (node.operator()) {
      case "Gemm" -> Optional.of(layer(node));
      case "Relu" -> Optional.of(each(node, z -> Math.max(z, 0f)));
      case "LeakyRelu" -> {
        float slope = node.number("alpha", 0.01);
        yield Optional.of(each(node, z -> z < 0 ? slope * z : z));
      }
      case "Sigmoid" -> Optional.of(each(node, z -> 1 / (1 + Math.exp(-z))));
      case "Tanh" -> Optional.of(each(node, Math::tanh));
      case "Elu" -> Optional.of(elu(node, node.number("alpha", 1), 1));
      case "Selu" ->
          Optional.of(
              elu(
                  node,
                  node.number("alpha", 1.6732632423543772),
                  node.number("gamma", 1.0507009873554805)));
      case "Gelu" -> Optional.of(each(node, z -> z * StandardNormal.probabilityBelow(z)));
      case "Softplus" ->
          Optional.of(each(node, z -> Math.max(z, 0f) + Math.log1p(Math.exp(-Math.abs(z)))));
      case "Softmax" -> Optional.of(softmax(node));
      default -> Optional.empty();
    };
  }

  private Step elu(Node node, float alpha, float gamma) {
    return each(node, z -> gamma * (z < 0 ? alpha * Math.expm1(z) : z));
  }

  private Step each(Node node, Function function) {
    int in = floats(node, 0);
    int out = program.add(node.output(), Kind.FLOATS);
    return row -> {
      float[] z = row.floats(in);
      float[] y = new float[z.length];
      for (int i = 0; i < y.length; i++) {
        y[i] = (float) function.of(z[i]);
      }
      row.setFloats(out, y);
    };
  }

  /** Number by number. */
  Step product(Node node) {
    int left = floats(node, 0);
    int right = floats(node, 1);
    int out = program.add(node.output(), Kind.FLOATS);
    return row -> {
      float[] x = row.floats(left);
      float[] y = row.floats(right);
      float[] z = new float[x.length];
      for (int i = 0; i < z.length; i++) {
        z[i] = x[i] * y[i];
      }
      row.setFloats(out, z);
    };
  }

  /** Weights are [out][in]. */
  private Step layer(Node node) {
    int in = floats(node, 0);
    Tensor weight = program.constant(node.inputs().get(1));
    float[] bias = program.constant(node.inputs().get(2)).floats();
    int inputs = weight.dimension(1);
    float[] byInput = transposed(weight.floats(), bias.length, inputs);
    int out = program.add(node.output(), Kind.FLOATS);
    return row -> row.setFloats(out, layer(row.floats(in), byInput, bias));
  }

  private static float[] transposed(float[] weights, int outputs, int inputs) {
    if (weights.length != (long) outputs * inputs) {
      throw new IllegalArgumentException(weights.length + " weights");
    }
    float[] byInput = new float[weights.length];
    for (int o = 0; o < outputs; o++) {
      for (int i = 0; i < inputs; i++) {
        byInput[i * outputs + o] = weights[o * inputs + i];
      }
    }
    return byInput;
  }

  /** Input by input, so that zeros cost nothing and the JIT makes vector instructions of it. */
  private static float[] layer(float[] x, float[] byInput, float[] bias) {
    float[] z = bias.clone();
    for (int i = 0; i < x.length; i++) {
      if (x[i] != 0) {
        add(x[i], byInput, i * z.length, z);
      }
    }
    return z;
  }

  private static void add(float x, float[] weights, int from, float[] z) {
    for (int o = 0; o < z.length; o++) {
      z[o] += x * weights[from + o];
    }
  }

  /** Probabilities in double, as the pipeline has them. */
  private Step softmax(Node node) {
    int in = floats(node, 0);
    int out = program.add(node.output(), Kind.NUMBERS);
    return row -> {
      float[] z = row.floats(in);
      double largest = Double.NEGATIVE_INFINITY;
      for (float output : z) {
        largest = Math.max(largest, output);
      }
      double[] probabilities = new double[z.length];
      double sum = 0;
      for (int k = 0; k < z.length; k++) {
        probabilities[k] = Math.exp(z[k] - largest);
        sum += probabilities[k];
      }
      for (int k = 0; k < z.length; k++) {
        probabilities[k] /= sum;
      }
      row.setNumbers(out, probabilities);
    };
  }

  private int floats(Node node, int input) {
    return program.place(node.inputs().get(input), Kind.FLOATS);
  }
}
