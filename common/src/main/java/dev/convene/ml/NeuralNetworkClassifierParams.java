package dev.convene.ml;

import dev.convene.config.Keys;
import java.io.Serializable;
import java.util.Arrays;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.DoubleParam;
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
    return SettingParams.flag(this, Keys.MODEL_BALANCE_CLASSES);
  }

  default DoubleParam labelSmoothing() {
    return SettingParams.decimal(this, Keys.TRAIN_LABEL_SMOOTHING);
  }

  default double[] getClassWeights() {
    return (double[]) getOrDefault((Param<?>) classWeights());
  }

  default boolean getBalanceClasses() {
    return (boolean) getOrDefault((Param<?>) balanceClasses());
  }

  default double getLabelSmoothing() {
    return (double) getOrDefault((Param<?>) labelSmoothing());
  }

  private static boolean areWeights(double[] weights) {
    return Arrays.stream(weights).allMatch(weight -> weight >= 0 && Double.isFinite(weight))
        && Arrays.stream(weights).anyMatch(weight -> weight > 0);
  }
}
