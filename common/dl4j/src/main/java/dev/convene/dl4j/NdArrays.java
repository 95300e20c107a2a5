package dev.convene.dl4j;

import java.lang.ref.Reference;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Arrays of float32 as ND4J's, row-major, and back. Each is a copy. */
final class NdArrays {
  private NdArrays() {}

  /** One row. */
  static INDArray row(float[] values) {
    return rows(values, 1);
  }

  static INDArray rows(float[] values, int rows) {
    return Nd4j.create(values, new long[] {rows, values.length / rows}, 'c');
  }

  static float[] floats(INDArray array) {
    INDArray copy = array.dup('c');
    try {
      return copy.data().asFloat();
    } finally {
      // ND4J frees the memory of arrays that are garbage, also while native code reads it.
      Reference.reachabilityFence(copy);
      Reference.reachabilityFence(array);
    }
  }
}
