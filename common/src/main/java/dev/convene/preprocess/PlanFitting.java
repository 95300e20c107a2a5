package dev.convene.preprocess;

import dev.convene.ConveneException;
import dev.convene.data.PackedFeatures;
import dev.convene.preprocess.DerivedColumns.Derived;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.feature.Bucketizer;
import org.apache.spark.ml.feature.ElementwiseProduct;
import org.apache.spark.ml.feature.FeatureHasher;
import org.apache.spark.ml.feature.StringIndexerModel;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.feature.VectorSizeHint;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/** One fitting of a plan to training rows: builds the stages in the order in which they run. */
final class PlanFitting {
  private final SparkSession spark;
  private final RawFeatures raw;
  private final FeatureRoles roles;
  private final PreprocessPlan plan;

  /** Numeric and vector columns, then binned ones. */
  private final FeatureColumns numbers;

  private final List<Transformer> stages = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  /** Under which name a stage finds a feature column after the stages so far. */
  private final Map<String, String> current = new HashMap<>();

  /** The names of all columns so far, in lower case, since Spark ignores it. */
  private final Set<String> taken = new HashSet<>();

  PlanFitting(
      Dataset<Row> rows, List<String> features, Set<String> categorical, PreprocessPlan plan) {
    List<StructField> columns = PackedFeatures.columns(rows.schema());
    requirePresent(columns.stream().map(StructField::name).toList(), features);
    columns.forEach(column -> taken.add(column.name().toLowerCase(Locale.ROOT)));
    this.spark = rows.sparkSession();
    this.plan = plan;
    raw = new RawFeatures(rows);
    roles = FeatureRoles.of(raw, features, categorical, plan);
    numbers = FeatureColumns.of(raw, roles.numericThenBinned());
    features.forEach(column -> current.put(column, column));
  }

  private static void requirePresent(List<String> columns, List<String> features) {
    Set<String> lacking = new LinkedHashSet<>(features);
    columns.forEach(lacking::remove);
    for (String feature : lacking) {
      throw ConveneException.data(
          "there is no feature column %s; the columns are %s", feature, String.join(", ", columns));
    }
  }

  Preprocessing fit() {
    NumberStatistics statistics =
        new NumberStatistics(raw, numbers, !roles.binned().isEmpty(), plan);
    warnings.addAll(statistics.constantColumns());
    CategoryCounts categories = roles.indexed().isEmpty() ? null : countCategories();

    List<String> indicators = addDerivedColumns(statistics);
    addImputer(statistics);
    List<String> oneHot = addCategories(categories);
    List<String> hashed = roles.hashed().stream().map(this::addHasher).toList();
    List<String> bins = addBins(statistics);

    List<String> others =
        Stream.of(indicators, oneHot, hashed, bins).flatMap(List::stream).toList();
    String output = addNumericFeatures(statistics, others);
    return new Preprocessing(stages, output, warnings);
  }

  private CategoryCounts countCategories() {
    CategoryCounts counts =
        CategoryCounts.of(
            raw,
            roles.indexed(),
            "hash it with preprocess.hashed, or leave it out of data.features");
    for (int c = 0; c < roles.indexed().size(); c++) {
      check(counts, c, roles.indexed().get(c));
    }
    return counts;
  }

  private void check(CategoryCounts counts, int c, String column) {
    long missing = counts.missing(c);
    if (missing == counts.rows()) {
      throw ConveneException.data(
          "feature column %s has no value in any of the %d training rows: leave it out of"
              + " data.features",
          column, missing);
    }
    if (missing > 0 && plan.unseenCategory() == UnseenCategory.ERROR) {
      throw ConveneException.data(
          "feature column %s is missing in %d of %d training rows, which preprocess.unseen-category"
              + " = error has no place for: choose keep, or clean these rows",
          column, missing, counts.rows());
    }
    String[] kept = counts.categories(c, plan.minCategoryCount());
    if (kept.length == 0) {
      throw ConveneException.data(
          "feature column %s has no category of at least %d training rows: lower"
              + " preprocess.min-category-count, hash it with preprocess.hashed, or leave it out of"
              + " data.features",
          column, plan.minCategoryCount());
    }
    if (missing == 0 && counts.categories(c, 1).length == 1) {
      warnings.add(String.format("feature column %s is %s in every training row", column, kept[0]));
    }
  }

  /** Casts what a later stage cannot read as it is; returns the indicators' columns. */
  private List<String> addDerivedColumns(NumberStatistics statistics) {
    List<Derived> derived = new ArrayList<>();
    List<String> indicators = new ArrayList<>();
    for (String column : roles.features()) {
      DataType type = raw.typeOf(column);
      boolean unreadable = !MllibModels.canRead(column);
      if (roles.isCategorical(column) && (unreadable || !type.equals(DataTypes.StringType))) {
        derived.add(derive(DerivedColumns.Kind.TEXT, column));
      }
      if (roles.isVector(column) && unreadable) {
        derived.add(derive(DerivedColumns.Kind.VECTOR, column));
      }
      if (isImputed(column)) {
        if (plan.missingIndicator() && statistics.hasMissing(column)) {
          String name = named(column, DerivedColumns.Kind.MISSING.suffix());
          derived.add(new Derived(DerivedColumns.Kind.MISSING, column, name));
          indicators.add(name);
        }
      }
      if (roles.isNumber(column)
          && (unreadable || (isImputed(column) && !type.equals(DataTypes.DoubleType)))) {
        derived.add(derive(DerivedColumns.Kind.NUMBER, column));
      }
    }
    if (!derived.isEmpty()) {
      stages.add(DerivedColumns.stage(derived));
    }
    return indicators;
  }

  private Derived derive(DerivedColumns.Kind kind, String column) {
    return new Derived(kind, column, replaced(column, kind.suffix()));
  }

  private boolean isImputed(String column) {
    return plan.missing() != Missing.ERROR && roles.isNumber(column);
  }

  private void addImputer(NumberStatistics statistics) {
    List<String> columns = roles.features().stream().filter(this::isImputed).toList();
    if (!columns.isEmpty()) {
      List<String> inputs = columns.stream().map(current::get).toList();
      stages.add(
          MllibModels.imputer(
              spark,
              inputs,
              columns.stream().map(statistics.surrogates()::get).toList(),
              columns.stream().map(column -> replaced(column, "_imputed")).toList()));
    }
  }

  private List<String> addCategories(CategoryCounts counts) {
    List<String> columns = roles.indexed();
    if (columns.isEmpty()) {
      return List.of();
    }
    boolean keep = plan.unseenCategory() == UnseenCategory.KEEP;
    String[][] labels = new String[columns.size()][];
    Arrays.setAll(labels, c -> counts.categories(c, plan.minCategoryCount()));
    List<String> inputs = columns.stream().map(current::get).toList();
    List<String> indices = columns.stream().map(column -> named(column, "_index")).toList();
    List<String> oneHot = columns.stream().map(column -> named(column, "_onehot")).toList();
    stages.add(
        new StringIndexerModel(labels)
            .setInputCols(inputs.toArray(String[]::new))
            .setOutputCols(indices.toArray(String[]::new))
            .setHandleInvalid(keep ? "keep" : "error"));
    List<Integer> sizes = Stream.of(labels).map(l -> keep ? l.length + 1 : l.length).toList();
    stages.add(MllibModels.oneHot(indices, sizes, oneHot));
    return oneHot;
  }

  private String addHasher(String column) {
    String input = current.get(column);
    String output = named(column, "_hashed");
    stages.add(
        new FeatureHasher()
            .setInputCols(new String[] {input})
            .setCategoricalCols(new String[] {input})
            .setNumFeatures(plan.hashed().get(column))
            .setOutputCol(output));
    return output;
  }

  private List<String> addBins(NumberStatistics statistics) {
    List<String> columns = roles.binned();
    if (columns.isEmpty()) {
      return List.of();
    }
    Map<String, double[]> splits = statistics.splits(roles.binned());
    List<String> bins = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    for (String column : columns) {
      String bin = named(column, "_bin");
      stages.add(
          new Bucketizer()
              .setInputCol(current.get(column))
              .setOutputCol(bin)
              .setSplits(splits.get(column)));
      bins.add(bin);
      sizes.add(splits.get(column).length - 1);
    }
    List<String> oneHot = columns.stream().map(column -> named(column, "_bins")).toList();
    stages.add(MllibModels.oneHot(bins, sizes, oneHot));
    return oneHot;
  }

  /** Scales the numeric features, and joins the others to them; returns the output column. */
  private String addNumericFeatures(NumberStatistics statistics, List<String> others) {
    List<String> numeric = roles.numeric().stream().map(current::get).toList();
    double factor = 1 / plan.divideBy();
    boolean unchanged =
        factor == 1 && plan.scaler() == Scaler.NONE && plan.normalizer() == Normalizer.NONE;
    if (unchanged || numeric.isEmpty()) {
      return assembled(concat(numeric, others), Preprocessing.ASSEMBLED);
    }
    String output = assembled(numeric, Preprocessing.ASSEMBLED);
    if (factor != 1) {
      double[] factors = new double[numbers.offset(numeric.size())];
      Arrays.fill(factors, factor);
      String divided = free(Preprocessing.DIVIDED);
      stages.add(
          new ElementwiseProduct()
              .setScalingVec(Vectors.dense(factors))
              .setInputCol(output)
              .setOutputCol(divided));
      output = divided;
    }
    if (plan.scaler() != Scaler.NONE) {
      String scaled = free(Preprocessing.SCALED);
      stages.add(statistics.scaler(scaledFeatures(), output, scaled));
      output = scaled;
    }
    if (plan.normalizer() != Normalizer.NONE) {
      String normalized = free(Preprocessing.NORMALIZED);
      stages.add(
          new org.apache.spark.ml.feature.Normalizer()
              .setP(plan.normalizer().p())
              .setInputCol(output)
              .setOutputCol(normalized));
      output = normalized;
    }
    return others.isEmpty()
        ? output
        : assembled(concat(List.of(output), others), Preprocessing.COMBINED);
  }

  /** By feature whether the scaler is for it. */
  private boolean[] scaledFeatures() {
    boolean[] scaled = new boolean[numbers.offset(roles.numeric().size())];
    Set<String> chosenColumns = Set.copyOf(plan.scaledColumns());
    for (int c = 0; c < roles.numeric().size(); c++) {
      boolean chosen = chosenColumns.isEmpty() || chosenColumns.contains(roles.numeric().get(c));
      Arrays.fill(scaled, numbers.offset(c), numbers.offset(c + 1), chosen);
    }
    return scaled;
  }

  /** Joins columns to one vector, unless they are a raw one already. */
  private String assembled(List<String> columns, String output) {
    Map<String, Integer> lengths = lengthsOfRawVectors();
    if (columns.size() == 1 && lengths.containsKey(columns.get(0))) {
      return columns.get(0);
    }
    for (String column : columns) {
      if (lengths.containsKey(column)) {
        // The assembler would look for the length in a first row, on every call.
        stages.add(new VectorSizeHint().setInputCol(column).setSize(lengths.get(column)));
      }
    }
    String assembled = free(output);
    stages.add(
        new VectorAssembler()
            .setInputCols(columns.toArray(String[]::new))
            .setOutputCol(assembled)
            .setHandleInvalid("error"));
    return assembled;
  }

  /** By the name under which stages find the column. */
  private Map<String, Integer> lengthsOfRawVectors() {
    Map<String, Integer> lengths = new HashMap<>();
    for (int c = 0; c < roles.numeric().size(); c++) {
      String column = roles.numeric().get(c);
      if (roles.isVector(column)) {
        lengths.put(current.get(column), numbers.lengthOf(c));
      }
    }
    return lengths;
  }

  private static List<String> concat(List<String> some, List<String> more) {
    return Stream.concat(some.stream(), more.stream()).toList();
  }

  /** The column's new name for the stages to come. */
  private String replaced(String column, String suffix) {
    String name = named(column, suffix);
    current.put(column, name);
    return name;
  }

  /** A name that MLlib can read, after the column's. */
  private String named(String column, String suffix) {
    return free(MllibModels.readable(column) + suffix);
  }

  /** The name, or a longer one where a column has it. */
  private String free(String name) {
    String free = name;
    while (!taken.add(free.toLowerCase(Locale.ROOT))) {
      free += "_";
    }
    return free;
  }
}
