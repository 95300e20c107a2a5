package dev.convene.dl4j;

import dev.convene.ConveneException;
import dev.convene.nn.Loss;
import dev.convene.nn.Network;
import dev.convene.nn.RowBuffer;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Rows as DL4J sees them, and what we know of them. Never sent anywhere. */
final class Minibatch extends DataSet {
  private final transient RowBuffer rows;
  private final transient double weight;
  private final int number;

  private Minibatch(INDArray features, INDArray labels, RowBuffer rows, double weight, int number) {
    super(features, labels);
    this.rows = rows;
    this.weight = weight;
    this.number = number;
  }

  /**
   * The first n rows of a buffer.
   *
   * @param weight the sum of theirs, above 0
   * @param number in the epoch, from 0
   * @throws ConveneException (usage) if their weights differ: DL4J's masks, which come nearest,
   *     multiply outputs too
   */
  static Minibatch of(Network network, RowBuffer rows, int n, double weight, int number) {
    requireAlike(rows.weights(), n);
    int width = network.outputs();
    float[] labels;
    if (network.loss() == Loss.SOFTMAX_CROSS_ENTROPY) {
      labels = new float[n * width];
      for (int row = 0; row < n; row++) {
        labels[row * width + (int) rows.targets()[row]] = 1;
      }
    } else {
      labels = Arrays.copyOf(rows.targets(), n * width);
    }
    return new Minibatch(
        array(Arrays.copyOf(rows.x(), n * network.inputs()), n),
        array(labels, n),
        rows,
        weight,
        number);
  }

  private static void requireAlike(float[] weights, int n) {
    for (int i = 1; i < n; i++) {
      if (weights[i] != weights[0]) {
        throw ConveneException.usage(
            "DL4J has no weights of rows: with train.trainer = dl4j leave out data.weight,"
                + " model.class-weights and model.balance-classes");
      }
    }
  }

  private static INDArray array(float[] values, int rows) {
    return Nd4j.create(values, new long[] {rows, values.length / rows}, 'c');
  }

  /** Its rows come first in there. */
  RowBuffer rows() {
    return rows;
  }

  double weight() {
    return weight;
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
