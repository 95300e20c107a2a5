package dev.convene.preprocess;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.linalg.Vector;
import scala.Tuple2;

/** The most frequent value of every feature over all rows, exactly; the smallest of several. */
final class MostFrequentValues {
  @DefaultSerializer(JavaSerializer.class)
  private record Counted(double value, long count) implements Serializable {
    Counted better(Counted other) {
      boolean first = count == other.count ? value < other.value : count > other.count;
      return first ? this : other;
    }
  }

  private MostFrequentValues() {}

  /** The modes by feature; every feature has a value, and vectors are left out. */
  static double[] of(JavaRDD<Vector> rows, FeatureColumns columns) {
    JavaPairRDD<Tuple2<Integer, Double>, Long> counts =
        rows.flatMapToPair(row -> values(row, columns).iterator()).reduceByKey(Long::sum);
    Map<Integer, Counted> best =
        counts
            .mapToPair(c -> new Tuple2<>(c._1()._1(), new Counted(c._1()._2(), c._2())))
            .reduceByKey(Counted::better)
            .collectAsMap();
    double[] modes = new double[columns.size()];
    best.forEach((feature, counted) -> modes[feature] = counted.value());
    return modes;
  }

  private static List<Tuple2<Tuple2<Integer, Double>, Long>> values(
      Vector row, FeatureColumns columns) {
    List<Tuple2<Tuple2<Integer, Double>, Long>> values = new ArrayList<>();
    columns.forEachNumber(
        row, (feature, value) -> values.add(new Tuple2<>(new Tuple2<>(feature, value), 1L)));
    return values;
  }
}
