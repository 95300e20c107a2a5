package dev.convene.shard;

import java.util.Comparator;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.rdd.ShuffledRDD;
import scala.math.Ordering;
import scala.math.Ordering$;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/** Spark's shuffle of byte arrays and {@code Long}s, with a serializer that is made for them. */
public final class ByteShuffle {
  private ByteShuffle() {}

  /**
   * As {@code repartitionAndSortWithinPartitions}.
   *
   * @param keyClass of byte arrays, {@code Long}s or nulls, as values are
   */
  public static <K, V> JavaPairRDD<K, V> sorted(
      JavaPairRDD<K, V> pairs,
      Partitioner partitioner,
      Comparator<K> order,
      Class<?> keyClass,
      Class<?> valueClass) {
    ClassTag<K> key = ClassTag$.MODULE$.apply(keyClass);
    ClassTag<V> value = ClassTag$.MODULE$.apply(valueClass);
    Ordering<K> ordering = Ordering$.MODULE$.comparatorToOrdering(order);
    ShuffledRDD<K, V, V> shuffled =
        new ShuffledRDD<K, V, V>(pairs.rdd(), partitioner, key, value, value)
            .setSerializer(new ByteSerializer())
            .setKeyOrdering(ordering);
    return JavaPairRDD.fromRDD(shuffled, key, value);
  }
}
