package dev.convene.preprocess;

import dev.convene.ConveneException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;

/**
 * What a plan does with every feature column, each list in the users' order.
 *
 * @param features all of them
 * @param vectors those that are vectors
 * @param categorical those whose values are categories
 * @param numeric numeric and vector columns that stay numbers
 * @param binned numeric columns that become bins
 * @param indexed categorical columns with a slot for every category
 * @param hashed categorical columns that are hashed
 */
record FeatureRoles(
    List<String> features,
    Set<String> vectors,
    Set<String> categorical,
    List<String> numeric,
    List<String> binned,
    List<String> indexed,
    List<String> hashed) {

  /**
   * Deals out the columns.
   *
   * @throws ConveneException if a column is of a type that has no place, or if the plan names one
   *     that is no feature or of the wrong kind
   */
  static FeatureRoles of(
      RawFeatures raw, List<String> features, Set<String> categorical, PreprocessPlan plan) {
    Set<String> vectors = new HashSet<>();
    for (String feature : features) {
      if (categorical.contains(feature)) {
        requireCategories(feature, raw.typeOf(feature));
      } else if (raw.isVector(feature)) {
        vectors.add(feature);
      }
    }
    FeatureRoles roles =
        new FeatureRoles(
            List.copyOf(features),
            vectors,
            Set.copyOf(categorical),
            those(features, f -> !categorical.contains(f) && !plan.binned().containsKey(f)),
            those(features, f -> !categorical.contains(f) && plan.binned().containsKey(f)),
            those(features, f -> categorical.contains(f) && !plan.hashed().containsKey(f)),
            those(features, f -> categorical.contains(f) && plan.hashed().containsKey(f)));
    requireAll(plan.hashed().keySet(), "hashed", roles.hashed, "categorical feature");
    requireAll(
        plan.binned().keySet(),
        "binned",
        those(roles.binned, f -> !vectors.contains(f)),
        "numeric feature");
    requireAll(
        plan.scaledColumns(),
        "scaled-columns",
        roles.numeric,
        "numeric feature that is not binned");
    return roles;
  }

  private static List<String> those(List<String> columns, Predicate<String> wanted) {
    return columns.stream().filter(wanted).toList();
  }

  private static void requireCategories(String name, DataType type) {
    if (!(type instanceof StringType)
        && !(type instanceof NumericType)
        && !(type instanceof BooleanType)) {
      throw ConveneException.data(
          "categorical column %s is of type %s; categories are text, numbers or booleans",
          name, type.simpleString());
    }
  }

  private static void requireAll(
      Collection<String> named, String key, List<String> allowed, String kind) {
    Set<String> known = new HashSet<>(allowed);
    for (String column : named) {
      if (!known.contains(column)) {
        throw ConveneException.usage(
            "preprocess.%s names %s, which is no %s: these are %s",
            key, column, kind, allowed.isEmpty() ? "none" : String.join(", ", allowed));
      }
    }
  }

  /** The columns of which numeric statistics are made. */
  List<String> numericThenBinned() {
    return Stream.concat(numeric.stream(), binned.stream()).toList();
  }

  boolean isVector(String column) {
    return vectors.contains(column);
  }

  boolean isCategorical(String column) {
    return categorical.contains(column);
  }

  /** Whether the column is a single number, binned or not. */
  boolean isNumber(String column) {
    return !isVector(column) && !isCategorical(column);
  }
}
