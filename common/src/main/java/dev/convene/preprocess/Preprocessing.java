package dev.convene.preprocess;

import static org.apache.spark.sql.functions.udf;

import dev.convene.ConveneException;
import dev.convene.data.PackedFeatures;
import dev.convene.preprocess.InputColumn.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Fitted preprocessing: MLlib stages from raw feature columns to the one vector column that the
 * network reads. Only what is needed is there: no assembler if the features are one vector column
 * already, no division by 1, no scaler if it is none.
 *
 * <p>The features stand in this order: numeric and vector columns; indicators of missing values;
 * the slots of categorical columns, each column's categories ascending by code point and then, if
 * unseen ones are kept, the slot that unseen, rare and missing categories share; the buckets of
 * hashed columns; the bins of binned ones. Within each group the columns are in the users' order.
 */
public final class Preprocessing {
  /** The vector column made of several columns. */
  public static final String ASSEMBLED = "assembledFeatures";

  /** The vector column after the division. */
  public static final String DIVIDED = "dividedFeatures";

  /** The vector column after the scaler. */
  public static final String SCALED = "scaledFeatures";

  /** The vector column after the normalizer. */
  public static final String NORMALIZED = "normalizedFeatures";

  /** The vector column of changed numeric features and all others. */
  public static final String COMBINED = "combinedFeatures";

  private final List<Transformer> stages;
  private final String outputColumn;
  private final List<String> warnings;
  private final Optional<FeatureEncoder> encoder;

  Preprocessing(List<? extends Transformer> stages, String outputColumn, List<String> warnings) {
    this.stages = List.copyOf(stages);
    this.outputColumn = outputColumn;
    this.warnings = List.copyOf(warnings);
    encoder = StageInterpreter.encoder(this.stages, outputColumn);
  }

  /**
   * Fits the plan to training rows. The result has the same bits however Spark splits the rows and
   * in whatever order tasks end: sums are exact and rounded once, quantiles and modes are exact.
   *
   * <p>The rows (persist them if they are expensive to read) are read once for the statistics of
   * numbers, if a scaler, an imputation or bins need any, and once more if a scaler sees imputed
   * values; once for the categories; about log32(rows) + 1 times for {@link Scaler#ROBUST}, for
   * {@link Missing#MEDIAN} and for bins; once for {@link Missing#MODE}. What is not read is not
   * checked: without statistics NaN and infinite features are not looked for.
   *
   * @param features the columns in the users' order
   * @param categorical those of them whose values are categories; the others are numbers (or
   *     booleans) and vectors
   * @throws ConveneException if a column is missing, of another type or named as a stage's output;
   *     if values that are needed are missing or not finite; if a column has no value at all, or
   *     too many categories; if there are no rows to fit to. What surfaces inside a task is the
   *     cause of Spark's exception
   */
  public static Preprocessing fit(
      Dataset<Row> trainingRows,
      List<String> features,
      Set<String> categorical,
      PreprocessPlan plan) {
    if (features.isEmpty()) {
      throw ConveneException.data("the training data has no feature columns");
    }
    SparkContext spark = trainingRows.sparkSession().sparkContext();
    String description = spark.getLocalProperty("spark.job.description");
    spark.setJobDescription("Fitting the preprocessing");
    try {
      return new PlanFitting(trainingRows, features, categorical, plan).fit();
    } finally {
      spark.setJobDescription(description);
    }
  }

  /**
   * The preprocessing that fitted stages are, for example those of a loaded model.
   *
   * @param outputColumn the column that the network reads; a raw one if there are no stages
   */
  public static Preprocessing of(List<? extends Transformer> stages, String outputColumn) {
    return new Preprocessing(stages, outputColumn, List.of());
  }

  /** MLlib's stages, to be applied in this order; none if the network reads a raw column. */
  public List<Transformer> stages() {
    return stages;
  }

  /** The vector column after the last stage. */
  public String outputColumn() {
    return outputColumn;
  }

  /** Oddities that fitting found in the data, a sentence each: columns of one value. */
  public List<String> warnings() {
    return warnings;
  }

  /** The function that the stages are together; empty if some of them are none that fit makes. */
  public Optional<FeatureEncoder> encoder() {
    return encoder;
  }

  /** The raw columns that are read; empty if the stages are none that fit makes. */
  public List<InputColumn> inputs() {
    return encoder.map(FeatureEncoder::inputs).orElse(List.of());
  }

  /** These stages between others (the label's index; the network) as one PipelineModel. */
  public PipelineModel between(List<Transformer> before, List<Transformer> after) {
    return MllibModels.pipeline(Stream.of(before, stages, after).flatMap(List::stream).toList());
  }

  /**
   * The rows with {@link #outputColumn} added by one function of the row, which gives what the
   * stages give; by the stages one after the other if they are none that {@link #fit} makes.
   *
   * @throws ConveneException if the rows lack columns; as the cause of Spark's exception, when the
   *     result is read, if values are missing or categories unseen that are not allowed to be
   */
  public Dataset<Row> transform(Dataset<Row> rows) {
    StructType schema = rows.schema();
    if (stages.isEmpty()) {
      return PackedFeatures.features(schema).contains(outputColumn)
          ? rows.withColumn(outputColumn, PackedFeatures.columns(schema, List.of(outputColumn))[0])
          : rows;
    }
    if (encoder.isPresent() && hasKinds(schema)) {
      UDF1<Row, Vector> encode = encoder.get().reading(schema)::encode;
      return rows.withColumn(
          outputColumn,
          udf(encode, SQLDataTypes.VectorType())
              .apply(PackedFeatures.of(schema, encoder.get().names())));
    }
    Dataset<Row> transformed = PackedFeatures.unpack(rows);
    for (Transformer stage : stages) {
      transformed = stage.transform(transformed);
    }
    return transformed;
  }

  /** Whether vectors are where vectors were: stages of another's making need not check it. */
  private boolean hasKinds(StructType schema) {
    Map<String, DataType> types =
        PackedFeatures.columns(schema).stream()
            .collect(Collectors.toMap(StructField::name, StructField::dataType, (a, b) -> a));
    return inputs().stream()
        .filter(input -> types.containsKey(input.name()))
        .allMatch(
            input ->
                types.get(input.name()).equals(SQLDataTypes.VectorType())
                    == (input.kind() == Kind.VECTOR));
  }
}
