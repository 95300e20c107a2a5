package dev.convene.nn;

import dev.ludovic.netlib.blas.BLAS;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
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

    /**
     * The same of the first layer's weights, where rows are sparse: the gradient by those that the
     * minibatch touches is complete, and by the others it is 0. It comes last. Unless it is
     * overridden, {@link #accept} gets it, with the zeros.
     *
     * @param touchedGradient [touched inputs][outputs], may be longer
     * @param gradient room for the flat gradient; what was accepted before is still there unless it
     *     has been changed
     */
    default void acceptTouched(TouchedWeights touched, float[] touchedGradient, float[] gradient) {
      int from = touched.offset();
      Arrays.fill(gradient, from, from + touched.layerSize(), 0);
      touched.scatter(touchedGradient, gradient);
      accept(gradient, from, touched.layerSize());
    }
  }

  /** Those after the first with parameters. */
  private final List<Layer> layers;

  private final List<LayerTraining> trainings;
  private final InputTraining input;
  private final int outputs;
  private final Loss loss;
  private final double labelSmoothing;
  private final float[][] deltas;
  private final float[] gradient;
  private double lossSum;
  private double correct;

  /** Of dense rows, without label smoothing. */
  public Backpropagation(DenseNetwork network, int maxRows, BLAS blas) {
    this(network, 0, maxRows, false, blas);
  }

  /**
   * @param labelSmoothing the share of a row's target that goes to all classes alike, in [0, 1); 0
   *     where targets are no classes
   * @param maxRows the most rows that go through the network at a time
   * @param sparseRows whether batches are {@link RowBuffer#isSparse sparse}
   */
  public Backpropagation(
      DenseNetwork network, double labelSmoothing, int maxRows, boolean sparseRows, BLAS blas) {
    this(
        network.stack(),
        sparseRows
            ? workspace -> new SparseInputTraining(network, maxRows, workspace)
            : workspace -> dense(network.stack(), maxRows, workspace),
        network.loss(),
        labelSmoothing,
        maxRows,
        blas);
  }

  Backpropagation(List<Layer> stack, Loss loss, double labelSmoothing, int maxRows, BLAS blas) {
    this(stack, workspace -> dense(stack, maxRows, workspace), loss, labelSmoothing, maxRows, blas);
  }

  private Backpropagation(
      List<Layer> stack,
      Function<Workspace, InputTraining> input,
      Loss loss,
      double labelSmoothing,
      int maxRows,
      BLAS blas) {
    this.labelSmoothing = labelSmoothing;
    this.loss = loss;
    Workspace workspace = new Workspace(blas);
    this.input = input.apply(workspace);
    this.layers = stack.subList(firstAfterInput(stack), stack.size());
    this.trainings = layers.stream().map(layer -> layer.training(maxRows, workspace)).toList();
    this.outputs = stack.get(stack.size() - 1).outputs();
    int widestBetween = layers.stream().mapToInt(Layer::inputs).max().orElse(0);
    this.deltas = new float[2][maxRows * widestBetween];
    this.gradient = new float[stack.stream().mapToInt(Layer::parameterCount).sum()];
  }

  private static InputTraining dense(List<Layer> stack, int maxRows, Workspace workspace) {
    return new DenseInputTraining(stack.subList(0, firstAfterInput(stack)), maxRows, workspace);
  }

  private static int firstAfterInput(List<Layer> stack) {
    return 1
        + IntStream.range(0, stack.size())
            .filter(i -> stack.get(i).parameterCount() > 0)
            .findFirst()
            .orElseThrow();
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
    float[] y = input.forward(parameters, batch, rows, firstRow, dropout);
    for (LayerTraining layer : trainings) {
      y = layer.forward(parameters, y, rows, firstRow, dropout);
    }
    correct += loss.correct(y, batch, rows, outputs);
    lossSum +=
        loss.weightedSumAndGradient(y, batch, rows, outputs, labelSmoothing, minibatchWeight);
    boolean firstPart = firstRow == 0;
    boolean lastPart = firstRow + rows == minibatchRows;
    float[] delta = y;
    for (int i = layers.size() - 1; i >= 0; i--) {
      Layer layer = layers.get(i);
      LayerTraining training = trainings.get(i);
      float[] spare = delta == deltas[0] ? deltas[1] : deltas[0];
      float[] deltaBelow = training.inputGradient(parameters, delta, rows, spare);
      if (layer.parameterCount() > 0) {
        // Last, so that the gradient is still in the cache when it is consumed.
        training.parameterGradient(delta, rows, gradient, !firstPart);
        if (lastPart) {
          consumer.accept(gradient, layer.offset(), layer.parameterCount());
        }
      }
      delta = deltaBelow;
    }
    input.parameterGradient(delta, rows, gradient, !firstPart);
    if (lastPart) {
      input.handOut(gradient, consumer);
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
