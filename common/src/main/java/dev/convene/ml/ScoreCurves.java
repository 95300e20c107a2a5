package dev.convene.ml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import dev.convene.report.AreasUnderCurves;
import dev.convene.stats.ExactSum;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The ROC and the precision-recall curve of any number of rows, with a point for each distinct
 * score. Rows are counted and areas summed exactly: they do not depend on partitions and order.
 */
final class ScoreCurves {
  private static final StructType SCHEMA =
      new StructType().add("score", DataTypes.DoubleType).add("positive", DataTypes.LongType);

  private ScoreCurves() {}

  /** A row of {@link #areas}. */
  static Row row(double score, boolean positive) {
    return RowFactory.create(score, positive ? 1L : 0L);
  }

  /** The areas under both curves of rows made by {@link #row}. */
  static AreasUnderCurves areas(SparkSession spark, JavaRDD<Row> rows) {
    Dataset<Row> points =
        spark
            .createDataFrame(rows, SCHEMA)
            .groupBy("score")
            .agg(sum("positive"), count(lit(1)))
            .sort(col("score").desc());
    // One RDD, so that its sorted shuffle files serve both jobs.
    JavaRDD<Row> ranked = points.toJavaRDD();
    List<Counts> totals =
        ranked.mapPartitions(part -> List.of(Counts.of(part)).iterator()).collect();
    Counts[] before = new Counts[totals.size()];
    Counts all = Counts.NONE;
    for (int i = 0; i < before.length; i++) {
      before[i] = all;
      all = all.plus(totals.get(i));
    }
    if (all.positives == 0 || all.negatives == 0) {
      return AreasUnderCurves.UNDEFINED;
    }
    Areas areas = new Areas();
    ranked
        .mapPartitionsWithIndex((i, part) -> List.of(Areas.of(part, before[i])).iterator(), false)
        .collect()
        .forEach(areas::add);
    return areas.normalized(all);
  }

  /** Rows at or above a score. */
  @DefaultSerializer(JavaSerializer.class)
  private record Counts(long positives, long negatives) implements Serializable {
    static final Counts NONE = new Counts(0, 0);

    /** All of a part's rows. */
    static Counts of(Iterator<Row> points) {
      Counts counts = NONE;
      while (points.hasNext()) {
        counts = counts.plus(at(points.next()));
      }
      return counts;
    }

    /** The rows of one score. */
    static Counts at(Row point) {
      return new Counts(point.getLong(1), point.getLong(2) - point.getLong(1));
    }

    Counts plus(Counts other) {
      return new Counts(positives + other.positives, negatives + other.negatives);
    }

    double precision() {
      return (double) positives / (positives + negatives);
    }
  }

  /** Sums of trapezoids, in rows rather than rates. */
  private static final class Areas implements Serializable {
    private static final long serialVersionUID = 1;

    private long twiceUnderRoc;
    private final ExactSum underPrecisionRecall = new ExactSum();

    static Areas of(Iterator<Row> points, Counts before) {
      Areas areas = new Areas();
      Counts left = before;
      while (points.hasNext()) {
        Counts right = left.plus(Counts.at(points.next()));
        areas.add(left, right);
        left = right;
      }
      return areas;
    }

    private void add(Counts left, Counts right) {
      // At most 2 x positives x negatives in all: enough for four billion rows.
      twiceUnderRoc =
          Math.addExact(
              twiceUnderRoc,
              Math.multiplyExact(
                  right.negatives - left.negatives, left.positives + right.positives));
      double leftPrecision = left.equals(Counts.NONE) ? right.precision() : left.precision();
      underPrecisionRecall.add(
          (right.positives - left.positives) * ((leftPrecision + right.precision()) / 2));
    }

    void add(Areas other) {
      twiceUnderRoc = Math.addExact(twiceUnderRoc, other.twiceUnderRoc);
      underPrecisionRecall.add(other.underPrecisionRecall);
    }

    AreasUnderCurves normalized(Counts all) {
      return new AreasUnderCurves(
          twiceUnderRoc / (2.0 * all.positives * all.negatives),
          underPrecisionRecall.doubleValue() / all.positives);
    }
  }
}
