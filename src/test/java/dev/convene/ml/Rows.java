package dev.convene.ml;

import dev.convene.testkit.LocalSpark;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Small labelled data: columns features, label, validation (true for every fifth row). */
final class Rows {
  static final StructType SCHEMA =
      new StructType()
          .add("features", new VectorUDT())
          .add("label", DataTypes.DoubleType)
          .add("validation", DataTypes.BooleanType);

  private Rows() {}

  /** Clouds of four features around a centre for each class, which overlap a little. */
  static List<Row> classes(int count, int classes) {
    Random random = new Random(17);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int label = i % classes;
      double[] x = new double[4];
      for (int j = 0; j < x.length; j++) {
        x[j] = (j == label ? 2 : 0) + random.nextGaussian();
      }
      rows.add(RowFactory.create(Vectors.dense(x), (double) label, i % 5 == 4));
    }
    return rows;
  }

  /** y = 1 + 2 a - 3 b + 0.5 c and noise of deviation 0.1. */
  static List<Row> plane(int count) {
    Random random = new Random(23);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double a = random.nextGaussian();
      double b = random.nextGaussian();
      double c = random.nextGaussian();
      double y = 1 + 2 * a - 3 * b + 0.5 * c + 0.1 * random.nextGaussian();
      rows.add(RowFactory.create(Vectors.dense(a, b, c), y, i % 5 == 4));
    }
    return rows;
  }

  /** A row that is not for validation. */
  static Row of(double label, double... features) {
    return RowFactory.create(Vectors.dense(features), label, false);
  }

  static Dataset<Row> in(int partitions, List<Row> rows) {
    JavaSparkContext spark = new JavaSparkContext(LocalSpark.session().sparkContext());
    return LocalSpark.session().createDataFrame(spark.parallelize(rows, partitions), SCHEMA);
  }
}
