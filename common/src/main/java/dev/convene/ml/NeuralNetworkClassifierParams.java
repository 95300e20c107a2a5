package dev.convene.ml;

import java.io.Serializable;
import java.util.Arrays;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.shared.HasThresholds;
import scala.Function1;

/**
 * The Params that only classification has.
 *
 * @since 0.1.0
 */
public interface NeuralNetworkClassifierParams extends NeuralNetworkParams, HasThresholds {
  default DoubleArrayParam classWeights() {
    return new DoubleArrayParam(
        this,
        "classWeights",
        "weight of each class 0, 1, ..., K - 1, by which the weights of its rows are multiplied, "
            + "each at least 0 and one above 0; all 1 if not set",
        (Function1<double[], Object> & Serializable) NeuralNetworkClassifierParams::areWeights);
  }

  default BooleanParam balanceClasses() {
    return new BooleanParam(
        this,
        "balanceClasses",
        "whether to weigh classes so that each counts alike: class k by n / (K n_k), where n_k is "
            + "the sum of the weights of its training rows and n that of all; excludes classWeights");
  }

  default double[] getClassWeights() {
    return (double[]) getOrDefault((Param<?>) classWeights());
  }

  default boolean getBalanceClasses() {
    return (boolean) getOrDefault((Param<?>) balanceClasses());
  }

  /** To be called by constructors. */
  @SuppressWarnings({"unchecked", "rawtypes"})
  default void setClassifierDefaults() {
    setNeuralNetworkDefaults();
    setDefault((Param) balanceClasses(), false);
  }

  private static boolean areWeights(double[] weights) {
    return Arrays.stream(weights).allMatch(weight -> weight >= 0 && Double.isFinite(weight))
        && Arrays.stream(weights).anyMatch(weight -> weight > 0);
  }
}
