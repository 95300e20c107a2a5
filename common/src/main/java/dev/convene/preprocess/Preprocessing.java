package dev.convene.preprocess;

import dev.convene.ConveneException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.feature.ElementwiseProduct;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Fitted preprocessing: MLlib stages from raw feature columns to the one vector column that the
 * network reads. Only what is needed is there: an assembler unless the features are one vector
 * column already, a division unless by 1, a scaler unless it is none.
 *
 * @param stages to be applied in this order; empty if the raw column is what the network reads
 * @param outputColumn the vector column after the last stage
 */
public record Preprocessing(List<Transformer> stages, String outputColumn) {
  /** The vector column made of several feature columns. */
  public static final String ASSEMBLED = "assembledFeatures";

  /** The vector column after the division. */
  public static final String DIVIDED = "dividedFeatures";

  /** The vector column after the scaler. */
  public static final String SCALED = "scaledFeatures";

  public Preprocessing {
    stages = List.copyOf(stages);
  }

  /**
   * Fits the plan to training rows. The result has the same bits however Spark splits the rows and
   * in whatever order tasks end: sums are exact and rounded once, quartiles are exact. The rows are
   * read once for their statistics; for {@link Scaler#ROBUST} about log32(rows) + 1 times more
   * (persist rows that are expensive to read); and not at all without a scaler: then NaN and
   * infinite features are not looked for.
   *
   * @param featureColumns numeric and vector columns, in the order of the network's inputs
   * @throws ConveneException if a column is missing or of another type; with a scaler also if there
   *     are no rows or NaN, infinite or missing values
   */
  public static Preprocessing fit(
      Dataset<Row> trainingRows, List<String> featureColumns, PreprocessPlan plan) {
    if (featureColumns.isEmpty()) {
      throw ConveneException.data("The training data has no feature columns.");
    }
    refuseTakenNames(trainingRows);
    SparkContext spark = trainingRows.sparkSession().sparkContext();
    String description = spark.getLocalProperty("spark.job.description");
    spark.setJobDescription("Fitting the " + plan.scaler().settingName() + " scaler");
    try {
      return fitStages(trainingRows, featureColumns, plan);
    } finally {
      spark.setJobDescription(description);
    }
  }

  /** These stages and then more (the network) as one PipelineModel that reads the raw columns. */
  public PipelineModel followedBy(Transformer... more) {
    return MllibModels.pipeline(Stream.concat(stages.stream(), Arrays.stream(more)).toList());
  }

  /** The rows with {@link #outputColumn} added. */
  public Dataset<Row> transform(Dataset<Row> rows) {
    Dataset<Row> transformed = rows;
    for (Transformer stage : stages) {
      transformed = stage.transform(transformed);
    }
    return transformed;
  }

  private static Preprocessing fitStages(
      Dataset<Row> trainingRows, List<String> featureColumns, PreprocessPlan plan) {
    FeatureColumns columns = FeatureColumns.of(trainingRows, featureColumns);
    List<Transformer> stages = new ArrayList<>();
    String output = featureColumns.get(0);
    if (!columns.isOneVector()) {
      stages.add(
          new VectorAssembler()
              .setInputCols(featureColumns.toArray(String[]::new))
              .setOutputCol(ASSEMBLED)
              .setHandleInvalid("error"));
      output = ASSEMBLED;
    }
    // MLlib multiplies; so do the statistics, to see what the scaler will see.
    double factor = 1 / plan.divideBy();
    if (factor != 1) {
      double[] factors = new double[columns.size()];
      Arrays.fill(factors, factor);
      stages.add(
          new ElementwiseProduct()
              .setScalingVec(Vectors.dense(factors))
              .setInputCol(output)
              .setOutputCol(DIVIDED));
      output = DIVIDED;
    }
    if (plan.scaler() != Scaler.NONE) {
      JavaRDD<Row> rows = columns.select(trainingRows).javaRDD();
      stages.add(fitScaler(plan.scaler(), rows, columns, factor, output));
      output = SCALED;
    }
    return new Preprocessing(stages, output);
  }

  private static Transformer fitScaler(
      Scaler scaler, JavaRDD<Row> rows, FeatureColumns columns, double factor, String input) {
    ColumnStatistics statistics = ColumnStatistics.of(rows, columns, factor);
    return switch (scaler) {
      case STANDARD ->
          MllibModels.standard(
              statistics.mean(), statistics.sampleStandardDeviation(), input, SCALED);
      case MIN_MAX -> MllibModels.minMax(statistics.minimum(), statistics.maximum(), input, SCALED);
      case MAX_ABS -> MllibModels.maxAbs(statistics.maximumMagnitude(), input, SCALED);
      case ROBUST -> {
        Quartiles quartiles = Quartiles.of(rows, columns, factor, statistics);
        yield MllibModels.robust(quartiles.range(), quartiles.median(), input, SCALED);
      }
      case NONE -> throw new IllegalArgumentException("There is nothing to fit.");
    };
  }

  private static void refuseTakenNames(Dataset<Row> rows) {
    for (String column : rows.columns()) {
      if (column.equals(ASSEMBLED) || column.equals(DIVIDED) || column.equals(SCALED)) {
        throw ConveneException.data(
            "The data has a column %s, a name that preprocessing needs: rename it.", column);
      }
    }
  }
}
