package dev.convene.nn;

import dev.ludovic.netlib.blas.BLAS;
import java.util.List;
import java.util.stream.IntStream;

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

  private final List<Layer> layers;
  private final List<LayerTraining> trainings;
  private final Loss loss;
  private final double labelSmoothing;
  private final int firstWithParameters;
  private final float[][] deltas;
  private final float[] gradient;
  private double lossSum;
  private double correct;

  /** Without label smoothing. */
  public Backpropagation(DenseNetwork network, int maxRows, BLAS blas) {
    this(network, 0, maxRows, blas);
  }

  /**
   * @param labelSmoothing the share of a row's target that goes to all classes alike, in [0, 1); 0
   *     where targets are no classes
   * @param maxRows the most rows that go through the network at a time
   */
  public Backpropagation(DenseNetwork network, double labelSmoothing, int maxRows, BLAS blas) {
    this(network.stack(), network.loss(), labelSmoothing, maxRows, blas);
  }

  Backpropagation(List<Layer> layers, Loss loss, double labelSmoothing, int maxRows, BLAS blas) {
    this.labelSmoothing = labelSmoothing;
    this.layers = layers;
    this.loss = loss;
    Workspace workspace = new Workspace(blas);
    this.trainings = layers.stream().map(layer -> layer.training(maxRows, workspace)).toList();
    this.firstWithParameters =
        IntStream.range(0, layers.size())
            .filter(i -> layers.get(i).parameterCount() > 0)
            .findFirst()
            .orElseThrow();
    int widestBetween =
        layers.stream().skip(firstWithParameters + 1L).mapToInt(Layer::inputs).max().orElse(0);
    this.deltas = new float[2][maxRows * widestBetween];
    this.gradient = new float[layers.stream().mapToInt(Layer::parameterCount).sum()];
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
    float[] outputs = batch.x();
    for (LayerTraining layer : trainings) {
      outputs = layer.forward(parameters, outputs, rows, firstRow, dropout);
    }
    int width = layers.get(layers.size() - 1).outputs();
    correct += loss.correct(outputs, batch, rows, width);
    lossSum +=
        loss.weightedSumAndGradient(outputs, batch, rows, width, labelSmoothing, minibatchWeight);
    boolean firstPart = firstRow == 0;
    boolean lastPart = firstRow + rows == minibatchRows;
    float[] delta = outputs;
    for (int i = layers.size() - 1; i >= firstWithParameters; i--) {
      Layer layer = layers.get(i);
      LayerTraining training = trainings.get(i);
      float[] deltaBelow = delta;
      if (i > firstWithParameters) {
        float[] spare = delta == deltas[0] ? deltas[1] : deltas[0];
        deltaBelow = training.inputGradient(parameters, delta, rows, spare);
      }
      if (layer.parameterCount() > 0) {
        // Last, so that the gradient is still in the cache when it is consumed.
        training.parameterGradient(delta, rows, gradient, !firstPart);
        if (lastPart) {
          consumer.accept(gradient, layer.offset(), layer.parameterCount());
        }
      }
      delta = deltaBelow;
    }
  }

  /** The sum over all rows so far of weight times loss, labels smoothed. */
  public double lossSum() {
    return lossSum;
  }

  /** The weight of all rows so far whose largest output was at their class. */
  public double correct() {
    return correct;
  }
}
