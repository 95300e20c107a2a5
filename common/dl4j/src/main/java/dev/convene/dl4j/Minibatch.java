package dev.convene.dl4j;

import dev.convene.nn.Network;
import dev.convene.nn.RowBuffer;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/** Rows as DL4J sees them, and what we know of them. Never sent anywhere. */
final class Minibatch extends DataSet {
  private final transient RowBuffer rows;
  private final int number;

  private Minibatch(INDArray features, INDArray labels, RowBuffer rows, int number) {
    super(features, labels);
    this.rows = rows;
    this.number = number;
  }

  /**
   * The first n rows of a buffer.
   *
   * @param number in the epoch, from 0
   */
  static Minibatch of(Network network, RowBuffer rows, int n, int number) {
    int width = network.outputs();
    float[] labels;
    if (network.loss().classifies()) {
      labels = new float[n * width];
      for (int row = 0; row < n; row++) {
        labels[row * width + (int) rows.targets()[row]] = 1;
      }
    } else {
      labels = Arrays.copyOf(rows.targets(), n * width);
    }
    return new Minibatch(
        NdArrays.rows(Arrays.copyOf(rows.x(), n * network.inputs()), n),
        NdArrays.rows(labels, n),
        rows,
        number);
  }

  /** Its rows come first in there. */
  RowBuffer rows() {
    return rows;
  }

  /** In the epoch, from 0. */
  int number() {
    return number;
  }

  /** Frees the memory. */
  void close() {
    getFeatures().close();
    getLabels().close();
  }
}
