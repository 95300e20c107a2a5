package dev.convene.preprocess;

import dev.convene.ConveneException;
import dev.convene.data.FeatureStruct;
import java.io.Serializable;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * All stages of a preprocessing as one function of a row, with the bits that the stages give, and
 * sparse or dense as they would have it. For use inside tasks; threads may share it.
 */
public final class FeatureEncoder implements Serializable {
  private static final long serialVersionUID = 1;

  private final Feature root;
  private final List<InputColumn> inputs;
  private final int[] places;

  /** The entries of some row before: most rows have about as many. */
  private int capacity = 16;

  FeatureEncoder(Feature root, List<InputColumn> inputs) {
    this(root, inputs, IntStream.range(0, inputs.size()).toArray());
  }

  private FeatureEncoder(Feature root, List<InputColumn> inputs, int[] places) {
    this.root = root;
    this.inputs = inputs;
    this.places = places;
  }

  /** The raw columns, in the order of the features that they make first. */
  public List<InputColumn> inputs() {
    return inputs;
  }

  /** The names of {@link #inputs}. */
  public List<String> names() {
    return inputs.stream().map(InputColumn::name).toList();
  }

  /**
   * This function of other rows: of the struct that {@link FeatureStruct#of} makes of {@link
   * #names}.
   *
   * @param schema of the rows that have the struct or the columns
   * @throws ConveneException (data) if the schema lacks inputs; the message names all of them
   */
  public FeatureEncoder reading(StructType schema) {
    List<String> present = FeatureStruct.columns(schema).stream().map(StructField::name).toList();
    Set<String> lacking = new LinkedHashSet<>(names());
    present.forEach(lacking::remove);
    if (!lacking.isEmpty()) {
      throw ConveneException.data(
          "the data has no column %s, which preprocessing reads; its columns are %s",
          String.join(", ", lacking), String.join(", ", present));
    }
    return new FeatureEncoder(root, inputs, FeatureStruct.places(schema, names()));
  }

  /**
   * The features of a row.
   *
   * @param row of the columns {@link #inputs}, in their order, but for {@link #reading}
   * @throws ConveneException if a value is missing or a category unseen, and not allowed to be
   */
  public Vector encode(Row row) {
    FeatureBuffer features = new FeatureBuffer(capacity);
    int count = root.append(new InputRow(row, places), 0, features);
    capacity = features.size();
    return features.toVector(count);
  }
}
