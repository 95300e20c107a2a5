package dev.convene.data;

import java.util.Optional;
import java.util.StringTokenizer;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;

/** A line of libsvm, {@code label index:value ... # comment}, as far as it can be read. */
final class LibsvmLine {
  private final double label;

  /** Of the values, from 0, ascending. */
  private final int[] indices;

  private final double[] values;
  private final Optional<String> problem;

  private LibsvmLine(double label, int[] indices, double[] values, Optional<String> problem) {
    this.label = label;
    this.indices = indices;
    this.values = values;
    this.problem = problem;
  }

  static LibsvmLine parse(String text) {
    int comment = text.indexOf('#');
    StringTokenizer tokens = new StringTokenizer(comment < 0 ? text : text.substring(0, comment));
    String label = tokens.hasMoreTokens() ? tokens.nextToken() : "";
    int[] indices = new int[tokens.countTokens()];
    double[] values = new double[indices.length];
    try {
      int before = 0;
      for (int i = 0; i < indices.length; i++) {
        String token = tokens.nextToken();
        int colon = token.indexOf(':');
        if (colon < 0) {
          return unreadable("'" + token + "' is no index:value");
        }
        int index = Integer.parseInt(token.substring(0, colon));
        values[i] = Double.parseDouble(token.substring(colon + 1));
        if (index < 1) {
          return unreadable("index " + index + ": count the features from 1");
        }
        if (index <= before) {
          return unreadable(
              "index " + index + " comes after " + before + ": write them in ascending order");
        }
        indices[i] = index - 1;
        before = index;
      }
      return new LibsvmLine(Double.parseDouble(label), indices, values, Optional.empty());
    } catch (NumberFormatException e) {
      return unreadable("libsvm's lines are numbers, label index:value index:value ...");
    }
  }

  private static LibsvmLine unreadable(String problem) {
    return new LibsvmLine(Double.NaN, new int[0], new double[0], Optional.of(problem));
  }

  /** Why it cannot be read; empty if it can. */
  Optional<String> problem() {
    return problem;
  }

  boolean isSound() {
    return problem.isEmpty();
  }

  double label() {
    return label;
  }

  /** The number of features that the line needs. */
  int width() {
    return indices.length == 0 ? 0 : indices[indices.length - 1] + 1;
  }

  /**
   * The features as a vector.
   *
   * @param size at least {@link #width}
   */
  Vector features(int size, boolean dense) {
    Vector sparse = Vectors.sparse(size, indices, values);
    return dense ? sparse.toDense() : sparse;
  }
}
