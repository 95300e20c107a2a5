package dev.convene.nn;

import dev.ludovic.netlib.blas.BLAS;
import java.util.Arrays;
import java.util.List;

/**
 * The loss of minibatches and their gradients. Its buffers make it a one-thread object.
 *
 * <p>Rumelhart, Hinton, Williams, "Learning representations by back-propagating errors", 1986;
 * dropout is the inverted kind: kept units are scaled by 1 / (1 - p) in training, so that scoring
 * needs nothing (Srivastava et al. 2014).
 */
public final class Backpropagation {
  /** Takes one layer's gradient as soon as it is complete, last layer first. */
  public interface GradientConsumer {
    /**
     * The gradient's elements from {@code offset} on are complete, and so are these parameters free
     * to change: nothing of this minibatch reads them any more.
     */
    void accept(float[] gradient, int offset, int length);
  }

  private final DenseNetwork network;
  private final BLAS blas;
  private final float[][] values;
  private final float[][] derivatives;
  private final float[][] deltas;
  private final float[] gradient;
  private final float[] ones;
  private final Dropout dropout;
  private final float[] factors;
  private double lossSum;
  private double correct;

  /**
   * @param maxRows the most rows that go through the network at a time
   */
  public Backpropagation(DenseNetwork network, int maxRows, BLAS blas) {
    this.network = network;
    this.blas = blas;
    List<DenseLayer> layers = network.layers();
    this.values = new float[layers.size()][];
    this.derivatives = new float[layers.size() - 1][];
    for (int i = 0; i < layers.size(); i++) {
      values[i] = new float[maxRows * layers.get(i).outputs()];
      if (i < derivatives.length) {
        derivatives[i] = new float[maxRows * layers.get(i).outputs()];
      }
    }
    this.deltas = new float[2][derivatives.length == 0 ? 0 : maxRows * network.widest()];
    this.gradient = new float[network.parameterCount()];
    this.ones = new float[maxRows];
    Arrays.fill(ones, 1);
    this.dropout = new Dropout(network.dropout());
    this.factors = new float[maxRows * network.widest()];
    Arrays.fill(factors, 1);
  }

  /**
   * Takes rows of a minibatch forth and back. A minibatch may come in several parts, one call each;
   * the gradient of its mean loss, the sum of weight times loss over the sum of weights, is handed
   * out with the last.
   *
   * @param batch stays as it is
   * @param rows of the batch that are used, from its first on
   * @param firstRow where this part begins in the minibatch
   * @param minibatchRows rows of the whole minibatch
   * @param minibatchWeight their weights' sum, above 0
   * @param dropout the minibatch's stream; what it drops does not depend on the parts
   */
  public void propagate(
      float[] parameters,
      RowBuffer batch,
      int rows,
      int firstRow,
      int minibatchRows,
      double minibatchWeight,
      RandomStream dropout,
      GradientConsumer consumer) {
    forward(parameters, batch.x(), rows, firstRow, dropout);
    int last = values.length - 1;
    float[] outputs = values[last];
    int width = network.outputs();
    Loss loss = network.loss();
    correct += loss.correct(outputs, batch, rows, width);
    lossSum += loss.weightedSumAndGradient(outputs, batch, rows, width, minibatchWeight);
    boolean firstPart = firstRow == 0;
    boolean lastPart = firstRow + rows == minibatchRows;
    float[] delta = outputs;
    for (int i = last; i >= 0; i--) {
      DenseLayer layer = network.layers().get(i);
      float[] deltaBelow = deltas[i % 2];
      if (i > 0) {
        layer.inputGradient(blas, parameters, delta, rows, deltaBelow);
        multiply(deltaBelow, derivatives[i - 1], rows * layer.inputs());
      }
      // Last, so that the gradient is still in the cache when it is consumed.
      float[] in = i == 0 ? batch.x() : values[i - 1];
      layer.parameterGradient(blas, in, delta, rows, ones, gradient, !firstPart);
      if (lastPart) {
        consumer.accept(gradient, layer.offset(), layer.parameterCount());
      }
      delta = deltaBelow;
    }
  }

  /** The sum over all rows so far of weight times loss. */
  public double lossSum() {
    return lossSum;
  }

  /** The weight of all rows so far whose largest output was at their class. */
  public double correct() {
    return correct;
  }

  private void forward(float[] parameters, float[] x, int rows, int firstRow, RandomStream stream) {
    float[] in = x;
    for (int i = 0; i < values.length; i++) {
      DenseLayer layer = network.layers().get(i);
      float[] out = values[i];
      layer.forward(blas, parameters, in, rows, out);
      if (i < derivatives.length) {
        int n = rows * layer.outputs();
        if (network.dropout() > 0) {
          dropout.draw(stream, i, firstRow, rows, layer.outputs(), factors);
        }
        network.activation().applyInTraining(out, derivatives[i], factors, n);
      }
      in = out;
    }
  }

  private static void multiply(float[] values, float[] factors, int n) {
    for (int i = 0; i < n; i++) {
      values[i] *= factors[i];
    }
  }
}
