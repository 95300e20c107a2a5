package dev.convene.ml;

import java.io.Serializable;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.VectorUDT;

/** What a model makes of its network's outputs for a row: a column that scoring adds. */
@FunctionalInterface
interface OutputColumn extends Serializable {
  /**
   * The value as Spark has it inside: {@code Double}, or what {@link VectorUDT} makes of a Vector.
   *
   * @param outputs of the network for one row; not changed
   */
  Object value(double[] outputs);

  /** All outputs as a Vector. */
  static OutputColumn outputs() {
    return OutputColumn::vector;
  }

  /** The only output. */
  static OutputColumn number() {
    return outputs -> outputs[0];
  }

  /** The probabilities of the classes as a Vector. */
  static OutputColumn probability() {
    return outputs -> vector(new ClassScores(outputs).probabilities());
  }

  /** The predicted class. */
  static OutputColumn predictedClass(Thresholds thresholds) {
    return outputs -> (double) thresholds.predictedClass(new ClassScores(outputs));
  }

  private static Object vector(double[] values) {
    return new VectorUDT().serialize(new DenseVector(values));
  }
}
