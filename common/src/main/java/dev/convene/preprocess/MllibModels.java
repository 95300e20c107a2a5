package dev.convene.preprocess;

import java.util.List;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.feature.FeatureHasher$;
import org.apache.spark.ml.feature.ImputerModel;
import org.apache.spark.ml.feature.MaxAbsScalerModel;
import org.apache.spark.ml.feature.MinMaxScalerModel;
import org.apache.spark.ml.feature.OneHotEncoderModel;
import org.apache.spark.ml.feature.RobustScalerModel;
import org.apache.spark.ml.feature.StandardScalerModel;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * What is particular to MLlib's stages, and the only place that calls what MLlib keeps to itself
 * ({@code private[ml]} in Scala, public in bytecode): its models around values fitted here, and its
 * hash.
 */
public final class MllibModels {
  private static final List<String> ADDED_BY_PREDICTORS =
      List.of("prediction", "probability", "rawPrediction");

  private MllibModels() {}

  /**
   * Whether stages find a column of that name, which they read as Spark SQL reads names, and it is
   * none that predictors add.
   */
  public static boolean canRead(String column) {
    return readable(column).equals(column)
        && ADDED_BY_PREDICTORS.stream().noneMatch(column::equalsIgnoreCase);
  }

  /** A name after that one which stages can read. */
  static String readable(String column) {
    return column.replaceAll("[.`*]", "_");
  }

  static Transformer imputer(
      SparkSession spark, List<String> inputs, List<Double> surrogates, List<String> outputs) {
    StructType schema = new StructType();
    for (String input : inputs) {
      schema = schema.add(input, DataTypes.DoubleType);
    }
    return new ImputerModel(
            Identifiable.randomUID("imputer"),
            spark.createDataFrame(List.of(RowFactory.create(surrogates.toArray())), schema))
        .setInputCols(inputs.toArray(String[]::new))
        .setOutputCols(outputs.toArray(String[]::new));
  }

  /** One slot for every category, and none is left out. */
  static Transformer oneHot(List<String> inputs, List<Integer> sizes, List<String> outputs) {
    OneHotEncoderModel model =
        new OneHotEncoderModel(
            Identifiable.randomUID("oneHotEncoder"),
            sizes.stream().mapToInt(Integer::intValue).toArray());
    return model
        .setDropLast(false)
        .setInputCols(inputs.toArray(String[]::new))
        .setOutputCols(outputs.toArray(String[]::new));
  }

  static Transformer standard(
      double[] mean, double[] standardDeviation, String input, String output) {
    StandardScalerModel model =
        new StandardScalerModel(
            Identifiable.randomUID("stdScal"),
            Vectors.dense(standardDeviation),
            Vectors.dense(mean));
    model.set(model.withMean(), true);
    model.set(model.withStd(), true);
    return model.setInputCol(input).setOutputCol(output);
  }

  static Transformer minMax(double[] minimum, double[] maximum, String input, String output) {
    return new MinMaxScalerModel(
            Identifiable.randomUID("minMaxScal"), Vectors.dense(minimum), Vectors.dense(maximum))
        .setInputCol(input)
        .setOutputCol(output);
  }

  static Transformer maxAbs(double[] maximum, String input, String output) {
    return new MaxAbsScalerModel(Identifiable.randomUID("maxAbsScal"), Vectors.dense(maximum))
        .setInputCol(input)
        .setOutputCol(output);
  }

  static Transformer robust(double[] range, double[] median, String input, String output) {
    RobustScalerModel model =
        new RobustScalerModel(
            Identifiable.randomUID("robustScal"), Vectors.dense(range), Vectors.dense(median));
    model.set(model.withCentering(), true);
    model.set(model.withScaling(), true);
    return model.setInputCol(input).setOutputCol(output);
  }

  static PipelineModel pipeline(List<Transformer> stages) {
    return new PipelineModel(Identifiable.randomUID("pipeline"), stages);
  }

  /** FeatureHasher's hash of {@code column=category}. */
  static int hash(String term) {
    return FeatureHasher$.MODULE$.murmur3Hash(term);
  }
}
