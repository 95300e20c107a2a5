package dev.convene.preprocess;

import dev.convene.ConveneException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
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
  static FeatureColumns of(Dataset<Row> rows, List<String> names) {
    boolean[] isVector = new boolean[names.size()];
    List<Column> vectorColumns = new ArrayList<>();
    for (int c = 0; c < isVector.length; c++) {
      isVector[c] = isVector(rows, names.get(c));
      if (isVector[c]) {
        vectorColumns.add(functions.col(names.get(c)));
      }
    }
    Row lengths = vectorColumns.isEmpty() ? null : firstVectors(rows, vectorColumns);
    int[] offsets = new int[isVector.length + 1];
    int vectors = 0;
    for (int c = 0; c < isVector.length; c++) {
      offsets[c + 1] = offsets[c] + (isVector[c] ? lengths.<Vector>getAs(vectors++).size() : 1);
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

  private static boolean isVector(Dataset<Row> rows, String name) {
    DataType type = rows.schema().apply(name).dataType();
    boolean isVector = type.equals(SQLDataTypes.VectorType());
    if (!isVector && !(type instanceof NumericType) && !(type instanceof BooleanType)) {
      throw ConveneException.data(
          "feature column %s is of type %s; features are numbers or vectors: name it in"
              + " data.categorical, or leave it out of data.features",
          name, type.simpleString());
    }
    return isVector;
  }

  private static Row firstVectors(Dataset<Row> rows, List<Column> columns) {
    List<Row> first = rows.select(columns.toArray(Column[]::new)).na().drop().takeAsList(1);
    if (first.isEmpty()) {
      throw ConveneException.data("the training data has no row with all of its feature vectors");
    }
    return first.get(0);
  }

  /** Only these columns of the rows, numbers as doubles: what {@link #forEachNonZero} reads. */
  Dataset<Row> select(Dataset<Row> rows) {
    return rows.select(
        IntStream.range(0, names.length)
            .mapToObj(
                c ->
                    isVector[c]
                        ? functions.col(names[c])
                        : functions.col(names[c]).cast(DataTypes.DoubleType))
            .toArray(Column[]::new));
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
    int c = 0;
    while (feature >= offsets[c + 1]) {
      c++;
    }
    return c;
  }

  /**
   * Visits the features that are not 0, each at most once. A missing number is its column's
   * surrogate or NaN; a missing vector is NaN at its first feature.
   */
  void forEachNonZero(Row row, Visitor visitor) {
    for (int c = 0; c < names.length; c++) {
      if (isVector[c] && !row.isNullAt(c)) {
        visitVector(c, row.getAs(c), visitor);
      } else {
        double value = row.isNullAt(c) ? Double.NaN : row.getDouble(c);
        double present = Double.isNaN(value) ? surrogates[c] : value;
        if (present != 0) {
          visitor.visit(offsets[c], present);
        }
      }
    }
  }

  /** Visits the numeric columns that are not missing, zeros too. */
  void forEachNumber(Row row, Visitor visitor) {
    for (int c = 0; c < names.length; c++) {
      if (!isVector[c] && !row.isNullAt(c) && !Double.isNaN(row.getDouble(c))) {
        // + 0.0 turns -0.0 into 0.0.
        visitor.visit(offsets[c], row.getDouble(c) + 0.0);
      }
    }
  }

  private void visitVector(int c, Vector vector, Visitor visitor) {
    int offset = offsets[c];
    if (vector.size() != offsets[c + 1] - offset) {
      throw ConveneException.data(
          "feature column %s holds vectors of different lengths, %d and %d",
          names[c], offsets[c + 1] - offset, vector.size());
    }
    double[] values = vector instanceof SparseVector sparse ? sparse.values() : vector.toArray();
    int[] indices = vector instanceof SparseVector sparse ? sparse.indices() : null;
    for (int i = 0; i < values.length; i++) {
      if (values[i] != 0) {
        visitor.visit(offset + (indices == null ? i : indices[i]), values[i]);
      }
    }
  }
}
