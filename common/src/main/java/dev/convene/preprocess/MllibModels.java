package dev.convene.preprocess;

import java.util.List;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.feature.MaxAbsScalerModel;
import org.apache.spark.ml.feature.MinMaxScalerModel;
import org.apache.spark.ml.feature.RobustScalerModel;
import org.apache.spark.ml.feature.StandardScalerModel;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.util.Identifiable;

/**
 * The only place that calls constructors which MLlib keeps to itself ({@code private[ml]} in Scala,
 * public in bytecode): its models around values fitted here.
 */
final class MllibModels {
  private MllibModels() {}

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
}
