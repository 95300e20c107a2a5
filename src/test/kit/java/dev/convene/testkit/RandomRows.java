package dev.convene.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Rows of six features, uniform in [-1, 1), and one of three classes, whatever the features. */
public final class RandomRows {
  public static final StructType SCHEMA =
      new StructType()
          .add("features", SQLDataTypes.VectorType())
          .add("target", DataTypes.DoubleType);

  private RandomRows() {}

  public static List<Row> of(int count, long seed) {
    Random random = new Random(seed);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double[] features = random.doubles(6, -1, 1).toArray();
      rows.add(RowFactory.create(Vectors.dense(features), (double) random.nextInt(3)));
    }
    return rows;
  }
}
