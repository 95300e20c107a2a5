package dev.convene.scorer;

import dev.convene.scorer.OnnxGraph.Input;
import dev.convene.scorer.RowValues.Slot;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A model that scores rows in the calling thread, with the pipeline's numbers to float32's
 * rounding. Threads may share it.
 *
 * <pre>{@code
 * Scorer scorer = Scorer.load(Path.of("output/adult"));
 * Prediction prediction = scorer.score(Map.of("age", 39, "education", "Bachelors", ...));
 * }</pre>
 */
public final class Scorer {
  /** Below it doubles hold every whole number. */
  private static final double MANY = 1L << 53;

  private static final String LABEL = "label";
  private static final String PROBABILITIES = "probabilities";
  private static final String PREDICTION = "prediction";

  private final Program program;
  private final List<Input> inputs;
  private final List<String> labels;

  private Scorer(OnnxGraph graph) {
    program = Program.of(graph);
    inputs = List.copyOf(graph.inputs());
    labels = graph.outputs().contains(LABEL) ? labels(graph) : List.of();
  }

  /** The texts that the label is taken from. */
  private static List<String> labels(OnnxGraph graph) {
    String label = graph.computing(LABEL).inputs().get(0);
    return List.of(graph.constants().get(graph.computing(label).inputs().get(0)).texts());
  }

  /**
   * Loads a model that {@code submit/convene export CONF --to onnx} wrote.
   *
   * @param model the file; a training's output that has it; or the model in such an output
   * @throws ScorerException if there is none, or if it is damaged, of a newer format, or has an
   *     operator that is not known here
   */
  public static Scorer load(Path model) throws IOException {
    Path file = ModelFile.in(model);
    OnnxGraph graph = ModelFile.read(file);
    try {
      return new Scorer(graph);
    } catch (IllegalArgumentException | BufferUnderflowException e) {
      throw new ScorerException(
          "%s is a graph that this scorer cannot read (%s): export the model again"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  /** The raw columns that a row must have. */
  public List<String> columns() {
    return inputs.stream().map(Input::name).toList();
  }

  /** The classes' names, or their indices if they have none; empty for a regression. */
  public List<String> labels() {
    return labels;
  }

  /**
   * Scores a row by its raw columns: a Number or Boolean where the model reads a number, a double[]
   * or float[] where it reads a vector, and for a category anything by its toString, whole numbers
   * being the same category however they are stored. Null is a missing value. Columns that the
   * model does not read are passed over.
   *
   * @throws ScorerException if a column is not there or of another kind, or the model refuses a
   *     missing value or an unseen category
   */
  public Prediction score(Map<String, ?> row) {
    return prediction(
        program.run(
            values -> {
              for (Input input : inputs) {
                if (!row.containsKey(input.name())) {
                  throw new ScorerException(
                      "the row has no column %s: a missing value is null".formatted(input.name()));
                }
                set(input, row.get(input.name()), values);
              }
            }));
  }

  /**
   * Scores a row of a model whose one column is a vector, such as an image.
   *
   * @throws ScorerException if the model has other columns, or a vector of another length
   */
  public Prediction score(double... features) {
    Input input = onlyColumn();
    return prediction(program.run(values -> setVector(input, features.clone(), values)));
  }

  /** Like {@link #score(double...)}. */
  public Prediction score(float... features) {
    Input input = onlyColumn();
    return prediction(program.run(values -> setVector(input, doubles(features), values)));
  }

  private Input onlyColumn() {
    if (inputs.size() != 1 || inputs.get(0).type() == Tensor.STRING) {
      throw new ScorerException(
          "the model reads the columns %s, and not one vector: score a map of them"
              .formatted(String.join(", ", columns())));
    }
    return inputs.get(0);
  }

  private void set(Input input, Object value, RowValues values) {
    int place = program.slot(input.name()).place();
    if (input.type() == Tensor.STRING) {
      values.setTexts(place, category(value));
    } else if (value instanceof double[] vector) {
      setVector(input, vector.clone(), values);
    } else if (value instanceof float[] vector) {
      setVector(input, doubles(vector), values);
    } else if (input.width() == 1) {
      values.setNumbers(place, number(input, value));
    } else {
      throw unlike(input, value, "a double[] or float[] of length " + input.width());
    }
  }

  /** Its spelling; of a whole number the one without a fraction or an exponent. */
  private static String category(Object value) {
    if (value == null) {
      return "";
    } else if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      if (number == Math.rint(number) && Math.abs(number) < MANY) {
        return Long.toString((long) number);
      }
    }
    return value.toString();
  }

  private static double number(Input input, Object value) {
    if (value == null) {
      return Double.NaN;
    } else if (value instanceof Number number) {
      return number.doubleValue();
    } else if (value instanceof Boolean flag) {
      return flag ? 1 : 0;
    }
    throw unlike(input, value, "a number");
  }

  private void setVector(Input input, double[] vector, RowValues values) {
    if (vector.length != input.width()) {
      throw new ScorerException(
          "column %s holds a vector of length %s; in training they were of length %s"
              .formatted(input.name(), vector.length, input.width()));
    }
    values.setNumbers(program.slot(input.name()).place(), vector);
  }

  private static ScorerException unlike(Input input, Object value, String wanted) {
    String kind = value == null ? "nothing" : "a " + value.getClass().getSimpleName();
    return new ScorerException(
        "column %s holds %s, and the model reads %s".formatted(input.name(), kind, wanted));
  }

  private static double[] doubles(float[] floats) {
    double[] doubles = new double[floats.length];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = floats[i];
    }
    return doubles;
  }

  private Prediction prediction(RowValues values) {
    if (labels.isEmpty()) {
      Slot outputs = program.slot(PREDICTION);
      return Prediction.regression(values.floats(outputs.place()));
    }
    return Prediction.classification(
        values.texts(program.slot(LABEL).place())[0],
        values.numbers(program.slot(PROBABILITIES).place()));
  }
}
