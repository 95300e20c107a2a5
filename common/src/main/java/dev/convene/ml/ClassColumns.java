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
   * @param thresholds by class, or null; MLlib's rule: the predicted class has the largest ratio of
   *     probability and threshold
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
    double[] scores = outputs;
    if (probability || thresholds != null) {
      scores = outputs.clone();
      Softmax.inPlace(scores);
    }
    if (probability) {
      values.add(VECTOR.serialize(new DenseVector(scores)));
    }
    if (prediction) {
      values.add((double) predictedClass(thresholds == null ? outputs : scores));
    }
    return values.toArray();
  }

  /** Of equals the first, of classes without a number the first of all. */
  private int predictedClass(double[] scores) {
    int best = 0;
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < scores.length; i++) {
      double score = thresholds == null ? scores[i] : scores[i] / thresholds[i];
      if (score > max) {
        max = score;
        best = i;
      }
    }
    return best;
  }
}
