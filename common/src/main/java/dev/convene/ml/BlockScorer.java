package dev.convene.ml;

import dev.convene.nn.ForwardPass;
import dev.convene.nn.Network;
import dev.ludovic.netlib.blas.BLAS;

/**
 * Computes a network's outputs block by block: fill {@link #features}, then {@link #score}. Its
 * buffers make it a one-thread object.
 */
final class BlockScorer {
  /** Matrices of more rows are not multiplied faster. */
  private static final int MAX_ROWS = 256;

  /** Of a layer's numbers for a block. */
  private static final int MAX_BYTES = 4 << 20;

  private final float[] parameters;
  private final int outputs;
  private final FeatureBlock features;
  private final ForwardPass forward;

  /** A scorer of blocks as large as is fast, unless their rows are very wide. */
  BlockScorer(Network network, float[] parameters, BLAS blas) {
    this(network, parameters, network.rowsAtATime(MAX_ROWS, MAX_BYTES), blas);
  }

  /**
   * @param maxRows the most rows of a block, at least 1
   */
  BlockScorer(Network network, float[] parameters, int maxRows, BLAS blas) {
    this.parameters = parameters;
    this.outputs = network.outputs();
    this.features = new FeatureBlock(network.inputs(), maxRows);
    this.forward = network.forwardPass(maxRows, blas);
  }

  /** The rows to score next, which stay until they are cleared. */
  FeatureBlock features() {
    return features;
  }

  /** The outputs for the rows of {@link #features}, valid until the next call. */
  BlockOutputs score() {
    int rows = features.rows();
    int denseRows = features.denseRows();
    if (denseRows == rows) {
      return new BlockOutputs(forward.outputs(parameters, features.x(), rows), rows, outputs);
    }
    float[] values = new float[rows * outputs];
    if (denseRows > 0) {
      copy(forward.outputs(parameters, features.x(), denseRows), false, values);
    }
    copy(forward.outputs(parameters, features.sparse()), true, values);
    return new BlockOutputs(values, rows, outputs);
  }

  /** To the places of the rows that are sparse, or of those that are not. */
  private void copy(float[] ofSome, boolean sparse, float[] values) {
    int from = 0;
    for (int row = 0; row < features.rows(); row++) {
      if (features.isSparse(row) == sparse) {
        System.arraycopy(ofSome, from, values, row * outputs, outputs);
        from += outputs;
      }
    }
  }
}
