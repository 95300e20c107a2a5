package dev.convene.data;

import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;

/** Where features are in the value of a {@code PackedFeatures} column, or in a plain struct. */
public final class FeaturePlaces implements Serializable {
  private static final long serialVersionUID = 1;

  /** By feature the array that has it; null if all are fields of a struct. */
  private final int[] arrays;

  /** By feature its place in the array or struct. */
  private final int[] places;

  private FeaturePlaces(int[] arrays, int[] places) {
    this.arrays = arrays;
    this.places = places;
  }

  /** The fields of a struct, in their order. */
  public static FeaturePlaces inStruct(int size) {
    return new FeaturePlaces(null, IntStream.range(0, size).toArray());
  }

  /**
   * Elements of arrays.
   *
   * @param packed the features in the arrays, in their order
   * @param arrays by feature the number of its array
   * @param names the features that are wanted
   */
  static FeaturePlaces inArrays(List<String> packed, int[] arrays, List<String> names) {
    Map<String, int[]> found = new HashMap<>();
    int[] next = new int[1 + IntStream.of(arrays).max().orElse(0)];
    for (int feature = 0; feature < arrays.length; feature++) {
      int array = arrays[feature];
      found.put(packed.get(feature), new int[] {array, next[array]++});
    }
    return new FeaturePlaces(
        names.stream().mapToInt(name -> found.get(name)[0]).toArray(),
        names.stream().mapToInt(name -> found.get(name)[1]).toArray());
  }

  /** The number of features. */
  public int size() {
    return places.length;
  }

  /** The value of a feature; null if it is missing. */
  public Object value(Row features, int feature) {
    return arrays == null
        ? features.get(places[feature])
        : features.<scala.collection.Seq<Object>>getAs(arrays[feature]).apply(places[feature]);
  }
}
