package dev.convene.preprocess;

import dev.convene.ConveneException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;

/**
 * What a plan does with every feature column, each list in the users' order.
 *
 * @param features all of them
 * @param vectors those that are vectors
 * @param numeric numeric and vector columns that stay numbers
 * @param binned numeric columns that become bins
 * @param indexed categorical columns with a slot for every category
 * @param hashed categorical columns that are hashed
 */
record FeatureRoles(
    List<String> features,
    Set<String> vectors,
    List<String> numeric,
    List<String> binned,
    List<String> indexed,
    List<String> hashed) {

  /**
   * Deals out the columns.
   *
   * @throws ConveneException if a column is missing, oddly named or of a type that has no place, or
   *     if the plan names one that is no feature or of the wrong kind
   */
  static FeatureRoles of(
      Dataset<Row> rows, List<String> features, Set<String> categorical, PreprocessPlan plan) {
    Set<String> vectors = new HashSet<>();
    for (String feature : features) {
      requireReadable(rows, feature);
      DataType type = rows.schema().apply(feature).dataType();
      if (categorical.contains(feature)) {
        requireCategories(feature, type);
      } else if (type.equals(SQLDataTypes.VectorType())) {
        vectors.add(feature);
      }
    }
    FeatureRoles roles =
        new FeatureRoles(
            List.copyOf(features),
            vectors,
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

  private static void requireReadable(Dataset<Row> rows, String name) {
    if (!Arrays.asList(rows.columns()).contains(name)) {
      throw ConveneException.data(
          "there is no feature column %s; the columns are %s",
          name, String.join(", ", rows.columns()));
    }
    if (name.contains(".") || name.contains("`")) {
      throw ConveneException.data(
          "feature column %s has a dot or a backtick in its name, which MLlib cannot read: rename"
              + " it",
          name);
    }
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
    for (String column : named) {
      if (!allowed.contains(column)) {
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
    return indexed.contains(column) || hashed.contains(column);
  }

  /** Whether the column is a single number, binned or not. */
  boolean isNumber(String column) {
    return !isVector(column) && (numeric.contains(column) || binned.contains(column));
  }
}
