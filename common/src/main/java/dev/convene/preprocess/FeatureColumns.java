package dev.convene.preprocess;

import static org.apache.spark.sql.functions.udf;

import dev.convene.ConveneException;
import dev.convene.data.FeaturePlaces;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;

/**
 * Numeric and vector columns seen as one row of features, in the order in which VectorAssembler
 * puts them together: a numeric column is one feature, a vector column as many as its vectors have.
 */
final class FeatureColumns implements Serializable {
  private static final long serialVersionUID = 1;

  /** Takes a feature's index, in [0, size), and its value. */
  interface Visitor {
    void visit(int feature, double value);
  }

  private final String[] names;
  private final boolean[] isVector;

  /** offsets[c] is the first feature of column c; the last entry is the number of features. */
  private final int[] offsets;

  /** What stands in for a column's missing numbers; NaN if nothing does. */
  private final double[] surrogates;

  private FeatureColumns(String[] names, boolean[] isVector, int[] offsets, double[] surrogates) {
    this.names = names;
    this.isVector = isVector;
    this.offsets = offsets;
    this.surrogates = surrogates;
  }

  /**
   * Checks the types of columns that exist, and reads the lengths of vector columns from a first
   * row.
   *
   * @throws ConveneException if a column is neither numeric nor a vector
   */
  static FeatureColumns of(RawFeatures raw, List<String> names) {
    boolean[] isVector = new boolean[names.size()];
    for (int c = 0; c < isVector.length; c++) {
      requireNumbers(raw, names.get(c));
      isVector[c] = raw.isVector(names.get(c));
    }
    List<String> vectors = names.stream().filter(raw::isVector).toList();
    Row lengths = vectors.isEmpty() ? null : firstVectors(raw, vectors);
    int[] offsets = new int[isVector.length + 1];
    int read = 0;
    for (int c = 0; c < isVector.length; c++) {
      offsets[c + 1] = offsets[c] + (isVector[c] ? lengths.<Vector>getAs(read++).size() : 1);
    }
    double[] surrogates = new double[isVector.length];
    Arrays.fill(surrogates, Double.NaN);
    return new FeatureColumns(names.toArray(String[]::new), isVector, offsets, surrogates);
  }

  /** These columns with numbers instead of missing ones. */
  FeatureColumns imputing(Map<String, Double> numbers) {
    return new FeatureColumns(
        names,
        isVector,
        offsets,
        Arrays.stream(names).mapToDouble(c -> numbers.getOrDefault(c, Double.NaN)).toArray());
  }

  private static void requireNumbers(RawFeatures raw, String name) {
    DataType type = raw.typeOf(name);
    if (!raw.isVector(name) && !(type instanceof NumericType) && !(type instanceof BooleanType)) {
      throw ConveneException.data(
          "feature column %s is of type %s; features are numbers or vectors: name it in"
              + " data.categorical, or leave it out of data.features",
          name, type.simpleString());
    }
  }

  private static Row firstVectors(RawFeatures raw, List<String> vectors) {
    List<Row> first = raw.rows().select(raw.columns(vectors)).na().drop().takeAsList(1);
    if (first.isEmpty()) {
      throw ConveneException.data("the training data has no row with all of its feature vectors");
    }
    return first.get(0);
  }

  /**
   * The features of every row as one vector: a missing number is NaN, a missing vector NaN at its
   * first feature.
   */
  JavaRDD<Vector> vectors(RawFeatures raw) {
    FeaturePlaces places = raw.places(List.of(names));
    UDF1<Row, Vector> vector = row -> vector(new InputRow(row, places));
    Dataset<Row> vectors =
        raw.rows().select(udf(vector, SQLDataTypes.VectorType()).apply(raw.packed(List.of(names))));
    return vectors.javaRDD().map(row -> row.getAs(0));
  }

  private Vector vector(InputRow row) {
    if (names.length == 1 && isVector[0] && row.vector(0) != null) {
      return requireLength(0, row.vector(0));
    }
    FeatureBuffer features = new FeatureBuffer(size());
    boolean sparse = false;
    for (int c = 0; c < names.length; c++) {
      Vector vector = isVector[c] ? row.vector(c) : null;
      if (vector == null) {
        features.add(offsets[c], isVector[c] ? Double.NaN : row.number(c));
      } else {
        sparse |= vector instanceof SparseVector;
        features.addAll(offsets[c], requireLength(c, vector));
      }
    }
    features.setSparse(sparse);
    return features.toVector(size());
  }

  /** The number of features. */
  int size() {
    return offsets[names.length];
  }

  /** The first feature of the column; the number of features for the column after the last. */
  int offset(int column) {
    return offsets[column];
  }

  /** The number of features of the column. */
  int lengthOf(int column) {
    return offsets[column + 1] - offsets[column];
  }

  /** Whether the feature is a numeric column rather than part of a vector. */
  boolean isNumber(int feature) {
    return !isVector[columnOf(feature)];
  }

  /** A feature's name in messages: {@code age}, or {@code pixels[3]}. */
  String featureName(int feature) {
    int c = columnOf(feature);
    return isVector[c] ? names[c] + "[" + (feature - offsets[c]) + "]" : names[c];
  }

  /** The feature that a numeric column is. */
  int featureOf(String numericColumn) {
    return offsets[Arrays.asList(names).indexOf(numericColumn)];
  }

  private int columnOf(int feature) {
    int found = Arrays.binarySearch(offsets, feature);
    return found >= 0 ? found : -found - 2;
  }

  /** Visits the features that are not 0, each once; a missing number as its surrogate or NaN. */
  void forEachNonZero(Vector row, Visitor visitor) {
    double[] values = stored(row);
    int[] indices = row instanceof SparseVector sparse ? sparse.indices() : null;
    for (int i = 0; i < values.length; i++) {
      if (values[i] != 0) {
        int feature = indices == null ? i : indices[i];
        double value = Double.isNaN(values[i]) ? surrogates[columnOf(feature)] : values[i];
        if (value != 0) {
          visitor.visit(feature, value);
        }
      }
    }
  }

  /** Visits the numeric columns that are not missing, zeros too. */
  void forEachNumber(Vector row, Visitor visitor) {
    for (int c = 0; c < names.length; c++) {
      double value = isVector[c] ? Double.NaN : row.apply(offsets[c]);
      if (!Double.isNaN(value)) {
        // + 0.0 turns -0.0 into 0.0.
        visitor.visit(offsets[c], value + 0.0);
      }
    }
  }

  private static double[] stored(Vector vector) {
    return vector instanceof SparseVector sparse
        ? sparse.values()
        : ((DenseVector) vector).values();
  }

  private Vector requireLength(int c, Vector vector) {
    if (vector.size() != lengthOf(c)) {
      throw ConveneException.data(
          "feature column %s holds vectors of different lengths, %d and %d",
          names[c], lengthOf(c), vector.size());
    }
    return vector;
  }
}
