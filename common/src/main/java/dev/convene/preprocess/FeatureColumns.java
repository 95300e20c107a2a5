package dev.convene.preprocess;

import dev.convene.ConveneException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

  private FeatureColumns(String[] names, boolean[] isVector, int[] offsets) {
    this.names = names;
    this.isVector = isVector;
    this.offsets = offsets;
  }

  /**
   * Checks the columns' types, and reads the lengths of vector columns from a first row.
   *
   * @throws ConveneException if a column is missing, neither numeric nor a vector, or oddly named
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
    return new FeatureColumns(names.toArray(String[]::new), isVector, offsets);
  }

  private static boolean isVector(Dataset<Row> rows, String name) {
    if (!Arrays.asList(rows.columns()).contains(name)) {
      throw ConveneException.data(
          "There is no feature column %s; the columns are %s.",
          name, String.join(", ", rows.columns()));
    }
    if (name.contains(".") || name.contains("`")) {
      throw ConveneException.data(
          "Feature column %s has a dot or a backtick in its name, which MLlib cannot read: rename"
              + " it.",
          name);
    }
    DataType type = rows.schema().apply(name).dataType();
    boolean isVector = type.equals(SQLDataTypes.VectorType());
    if (!isVector && !(type instanceof NumericType) && !(type instanceof BooleanType)) {
      throw ConveneException.data(
          "Feature column %s is of type %s; features are numbers or vectors. Encode it, or leave it"
              + " out of data.features.",
          name, type.simpleString());
    }
    return isVector;
  }

  private static Row firstVectors(Dataset<Row> rows, List<Column> columns) {
    List<Row> first = rows.select(columns.toArray(Column[]::new)).na().drop().takeAsList(1);
    if (first.isEmpty()) {
      throw ConveneException.data("The training data has no row with all of its feature vectors.");
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

  boolean isOneVector() {
    return names.length == 1 && isVector[0];
  }

  /** A feature's name in messages: {@code age}, or {@code pixels[3]}. */
  String featureName(int feature) {
    int c = 0;
    while (feature >= offsets[c + 1]) {
      c++;
    }
    return isVector[c] ? names[c] + "[" + (feature - offsets[c]) + "]" : names[c];
  }

  /**
   * Visits the features that are not 0, each at most once. A missing number is NaN; a missing
   * vector is NaN at its first feature.
   */
  void forEachNonZero(Row row, Visitor visitor) {
    for (int c = 0; c < names.length; c++) {
      int offset = offsets[c];
      if (row.isNullAt(c)) {
        visitor.visit(offset, Double.NaN);
      } else if (isVector[c]) {
        visitVector(c, row.getAs(c), visitor);
      } else if (row.getDouble(c) != 0) {
        visitor.visit(offset, row.getDouble(c));
      }
    }
  }

  private void visitVector(int c, Vector vector, Visitor visitor) {
    int offset = offsets[c];
    if (vector.size() != offsets[c + 1] - offset) {
      throw ConveneException.data(
          "Feature column %s holds vectors of different lengths, %d and %d.",
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
