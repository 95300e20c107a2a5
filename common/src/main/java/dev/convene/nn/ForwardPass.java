package dev.convene.nn;

/** Computes a network's outputs, without dropout. Its buffers make it a one-thread object. */
public interface ForwardPass {
  /**
   * The outputs, of a classification before softmax, [rows][outputs]. The array, which may be
   * longer, is reused by the next call.
   *
   * @param x [rows][inputs], may be longer
   */
  float[] outputs(float[] parameters, float[] x, int rows);

  /** The same of sparse rows. Unless it is overridden, the zeros are filled in. */
  default float[] outputs(float[] parameters, SparseRows x) {
    return outputs(parameters, x.dense(), x.rows());
  }

  /**
   * The same of the rows of a buffer.
   *
   * @param rows from its first on; all of them if they are sparse
   */
  default float[] outputs(float[] parameters, RowBuffer batch, int rows) {
    return batch.isSparse()
        ? outputs(parameters, batch.sparse())
        : outputs(parameters, batch.x(), rows);
  }
}
