package dev.convene.ml;

import dev.convene.nn.Softmax;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.VectorUDT;

/** A classifier's columns, of which some may not be wanted. */
final class ClassColumns implements BlockScoring.OutputColumns {
  private static final long serialVersionUID = 1;
  private static final VectorUDT VECTOR = new VectorUDT();

  private final boolean rawPrediction;
  private final boolean probability;
  private final boolean prediction;
  private final double[] thresholds;

  /**
   * @param thresholds by class, or null: see {@link Thresholds#predictedClass}
   */
  ClassColumns(
      boolean rawPrediction, boolean probability, boolean prediction, double[] thresholds) {
    this.rawPrediction = rawPrediction;
    this.probability = probability;
    this.prediction = prediction;
    this.thresholds = thresholds;
  }

  @Override
  public Object[] values(double[] outputs) {
    List<Object> values = new ArrayList<>(3);
    if (rawPrediction) {
      values.add(VECTOR.serialize(new DenseVector(outputs)));
    }
    double[] probabilities = null;
    if (probability || thresholds != null) {
      probabilities = outputs.clone();
      Softmax.inPlace(probabilities);
    }
    if (probability) {
      values.add(VECTOR.serialize(new DenseVector(probabilities)));
    }
    if (prediction) {
      values.add((double) Thresholds.predictedClass(outputs, probabilities, thresholds));
    }
    return values.toArray();
  }
}
