package dev.convene.preprocess;

import dev.convene.ConveneException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * All stages of a preprocessing as one function of a row, with the bits that the stages give, and
 * sparse or dense as they would have it. For use inside tasks; threads may share it.
 */
public final class FeatureEncoder implements Serializable {
  private static final long serialVersionUID = 1;

  private final Feature root;
  private final List<InputColumn> inputs;
  private final int[] positions;

  /** The entries of some row before: most rows have about as many. */
  private int capacity = 16;

  /** An encoder of rows whose columns are just the inputs. */
  FeatureEncoder(Feature root, List<InputColumn> inputs) {
    this(root, inputs, IntStream.range(0, inputs.size()).toArray());
  }

  private FeatureEncoder(Feature root, List<InputColumn> inputs, int[] positions) {
    this.root = root;
    this.inputs = inputs;
    this.positions = positions;
  }

  /** The raw columns, in the order of the features that they make first. */
  public List<InputColumn> inputs() {
    return inputs;
  }

  /**
   * The same encoder for rows of a schema.
   *
   * @throws ConveneException if the schema lacks columns; the message names all of them
   */
  public FeatureEncoder reading(StructType schema) {
    List<String> names = Arrays.asList(schema.fieldNames());
    List<String> lacking =
        inputs.stream().map(InputColumn::name).filter(name -> !names.contains(name)).toList();
    if (!lacking.isEmpty()) {
      throw ConveneException.data(
          "The data has no column %s, which preprocessing reads; its columns are %s.",
          String.join(", ", lacking), String.join(", ", names));
    }
    return new FeatureEncoder(
        root, inputs, inputs.stream().mapToInt(input -> names.indexOf(input.name())).toArray());
  }

  /**
   * The features of a row.
   *
   * @throws ConveneException if a value is missing or a category unseen, and not allowed to be
   */
  public Vector encode(Row row) {
    FeatureBuffer features = new FeatureBuffer(capacity);
    int count = root.append(new InputRow(row, positions), 0, features);
    capacity = features.size();
    return features.toVector(count);
  }

  /**
   * Writes the features of a row to {@code [offset, offset + count)} of an array.
   *
   * @param count how many there have to be
   * @throws ConveneException as {@link #encode(Row)}, and if there are more or fewer features
   */
  public void encode(Row row, float[] array, int offset, int count) {
    FeatureBuffer features = new FeatureBuffer(capacity);
    int actual = root.append(new InputRow(row, positions), 0, features);
    if (actual != count) {
      throw ConveneException.data("A row has %d features where the model reads %d.", actual, count);
    }
    capacity = features.size();
    Arrays.fill(array, offset, offset + count, 0);
    for (int e = 0; e < features.size(); e++) {
      array[offset + features.index(e)] = (float) features.value(e);
    }
  }
}
