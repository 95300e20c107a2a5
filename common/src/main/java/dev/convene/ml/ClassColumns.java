package dev.convene.ml;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.VectorUDT;

/** A classifier's columns, of which some may not be wanted. */
record ClassColumns(
    boolean rawPrediction, boolean probability, boolean prediction, Thresholds thresholds)
    implements DatasetScoring.OutputColumns {
  private static final VectorUDT VECTOR = new VectorUDT();

  @Override
  public Object[] values(double[] outputs) {
    ClassScores scores = new ClassScores(outputs);
    List<Object> values = new ArrayList<>(3);
    if (rawPrediction) {
      values.add(VECTOR.serialize(new DenseVector(outputs)));
    }
    if (probability) {
      values.add(VECTOR.serialize(new DenseVector(scores.probabilities())));
    }
    if (prediction) {
      values.add((double) thresholds.predictedClass(scores));
    }
    return values.toArray();
  }
}
