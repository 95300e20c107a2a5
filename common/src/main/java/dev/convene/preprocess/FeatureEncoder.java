package dev.convene.preprocess;

import dev.convene.ConveneException;
import dev.convene.data.FeaturePlaces;
import dev.convene.data.PackedFeatures;
import java.io.Serializable;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
  private final Map<String, Map<String, Integer>> categories;
  private final FeaturePlaces places;

  /** The entries of some row before: most rows have about as many. */
  private int capacity = 16;

  FeatureEncoder(
      Feature root, List<InputColumn> inputs, Map<String, Map<String, Integer>> categories) {
    this(root, inputs, categories, FeaturePlaces.inStruct(inputs.size()));
  }

  private FeatureEncoder(
      Feature root,
      List<InputColumn> inputs,
      Map<String, Map<String, Integer>> categories,
      FeaturePlaces places) {
    this.root = root;
    this.inputs = inputs;
    this.categories = categories;
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

  /** The raw columns of which each known category has a feature of its own. */
  public Set<String> indexedColumns() {
    return categories.keySet();
  }

  /** Whether training saw the category, in this spelling or another, in one of those columns. */
  public boolean knows(String column, String category) {
    return CategorySpelling.index(categories.get(column), category) != null;
  }

  /**
   * This function of other rows: of the column that {@link PackedFeatures#of} makes of {@link
   * #names}.
   *
   * @param schema of the rows that have those columns
   * @throws ConveneException (data) if the schema lacks inputs; the message names all of them
   */
  public FeatureEncoder reading(StructType schema) {
    List<String> present = PackedFeatures.columns(schema).stream().map(StructField::name).toList();
    Set<String> lacking = new LinkedHashSet<>(names());
    present.forEach(lacking::remove);
    if (!lacking.isEmpty()) {
      throw ConveneException.data(
          "the data has no column %s, which preprocessing reads; its columns are %s",
          String.join(", ", lacking), String.join(", ", present));
    }
    return new FeatureEncoder(root, inputs, categories, PackedFeatures.places(schema, names()));
  }

  /**
   * Describes the features from the raw columns on.
   *
   * @return what the visitor makes of all features
   */
  public <T> T describe(FeatureVisitor<T> visitor) {
    return root.accept(visitor);
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
