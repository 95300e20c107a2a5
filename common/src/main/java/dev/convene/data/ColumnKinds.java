package dev.convene.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Compares columns that {@link DataReader} made: numbers, text and vectors. */
final class ColumnKinds {
  /** What libsvm's vectors say of themselves, and the option to set it. */
  private static final String WIDTH = LibsvmFormat.WIDTH;

  private ColumnKinds() {}

  /** How the columns of the other differ from the first's, as parts of a sentence. */
  static List<String> differences(StructType first, StructType other) {
    Map<String, StructField> others = new HashMap<>();
    PackedFeatures.columns(other).forEach(field -> others.put(field.name(), field));
    List<StructField> columns = PackedFeatures.columns(first);
    List<String> differences = new ArrayList<>();
    List<String> missing =
        columns.stream().map(StructField::name).filter(name -> !others.containsKey(name)).toList();
    if (!missing.isEmpty()) {
      differences.add("it lacks " + String.join(", ", missing));
    }
    for (StructField expected : columns) {
      StructField found = others.get(expected.name());
      if (found != null) {
        if (!kind(found).equals(kind(expected))) {
          differences.add("%s is %s, not %s".formatted(found.name(), kind(found), kind(expected)));
        } else if (differ(width(found), width(expected))) {
          long width = width(expected).getAsLong();
          differences.add(
              "%s is a vector of %d numbers, not of %d: set data.options.%s to %d for both"
                  .formatted(
                      found.name(),
                      width(found).getAsLong(),
                      width,
                      WIDTH,
                      Math.max(width, width(found).getAsLong())));
        }
      }
    }
    return differences;
  }

  private static String kind(StructField field) {
    if (field.dataType().equals(DataTypes.StringType)) {
      return "text";
    }
    return field.dataType().equals(SQLDataTypes.VectorType()) ? "a vector" : "a number";
  }

  private static boolean differ(OptionalLong one, OptionalLong other) {
    return one.isPresent() && other.isPresent() && one.getAsLong() != other.getAsLong();
  }

  private static OptionalLong width(StructField vector) {
    return vector.metadata().contains(WIDTH)
        ? OptionalLong.of(vector.metadata().getLong(WIDTH))
        : OptionalLong.empty();
  }
}
